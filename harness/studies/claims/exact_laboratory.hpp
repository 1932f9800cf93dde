#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "theory/claims/laboratory.hpp"

namespace lemmabench {

/// Answers the claims' questions with the exact laws of the harness (compute_law), each once.
class ExactLaboratory final : public Laboratory {
 public:
  ExactLaboratory();
  ~ExactLaboratory() override;

  const LawResult& law(const LawRequest& request, const LawOptions& options) override;
  Jet<Ball> step_map(const std::string& sampler, const JetStep& step, const Jet<Ball>& x,
                     const JetScore& score) override;
  Jet<Jet<Ball>> step_map(const std::string& sampler, const NestedStep& step,
                          const Jet<Jet<Ball>>& x, const NestedScore& score) override;

 private:
  struct Answer;

  std::mutex mutex_;
  std::map<std::string, std::unique_ptr<Answer>> answers_;
};

}  // namespace lemmabench
