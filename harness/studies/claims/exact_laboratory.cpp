#include "harness/studies/claims/exact_laboratory.hpp"

#include <fmt/format.h>

#include <exception>

#include "harness/law/law.hpp"
#include "harness/records/request_text.hpp"
#include "harness/studies/claims/sampler_jets.hpp"
#include "numerics/evaluation_budget.hpp"

namespace lemmabench {
namespace {

/// What one law may cost a claim, in evaluations: some 20 s. `lemmabench law` has no such limit.
constexpr double kDearestLaw = 2e7;

}  // namespace

/// One remembered law, or the error that asking for it ended with.
struct ExactLaboratory::Answer {
  std::once_flag once;
  LawResult result;
  std::exception_ptr error;
  double cost = 0;  ///< in evaluations, see EvaluationBudget
};

ExactLaboratory::ExactLaboratory() = default;
ExactLaboratory::~ExactLaboratory() = default;

const LawResult& ExactLaboratory::law(const LawRequest& request, const LawOptions& options) {
  const std::string key = fmt::format("{} decomposition={} local={}", canonical_text(request),
                                      options.decomposition, options.local_errors);
  Answer* answer = nullptr;
  {
    const std::lock_guard lock(mutex_);
    std::unique_ptr<Answer>& slot = answers_[key];
    if (!slot) {
      slot = std::make_unique<Answer>();
    }
    answer = slot.get();
  }
  // call_once would forget an exception and compute again.
  std::call_once(answer->once, [&] {
    const BudgetAside aside;
    const EvaluationBudget budget(kDearestLaw);
    try {
      answer->result = compute_law(request, options);
    } catch (...) {
      answer->error = std::current_exception();
    }
    answer->cost = budget.spent();
  });
  EvaluationBudget::spend_once(answer, answer->cost);
  if (answer->error) {
    std::rethrow_exception(answer->error);
  }
  return answer->result;
}

Jet<Ball> ExactLaboratory::step_map(const std::string& sampler, const JetStep& step,
                                    const Jet<Ball>& x, const JetScore& score) {
  return sampler_step_map(sampler, step, x, score);
}

Jet<Jet<Ball>> ExactLaboratory::step_map(const std::string& sampler, const NestedStep& step,
                                         const Jet<Jet<Ball>>& x, const NestedScore& score) {
  return sampler_step_map(sampler, step, x, score);
}

}  // namespace lemmabench
