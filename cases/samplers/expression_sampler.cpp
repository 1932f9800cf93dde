#include "cases/samplers/expression_sampler.hpp"

#include <fmt/format.h>

#include <cstdint>
#include <fstream>
#include <iterator>
#include <utility>

#include "cases/samplers/expression_steps.hpp"
#include "cases/samplers/stage_run.hpp"
#include "cases/step_facts.hpp"
#include "numerics/error.hpp"
#include "numerics/mp.hpp"

namespace lemmabench {
namespace {

constexpr std::size_t kMaxFileSize = 1'000'000;

class ExpressionSampler final : public Sampler {
 public:
  ExpressionSampler(ExpressionSteps steps, std::string file, std::string hash)
      : steps_(std::move(steps)),
        file_(std::move(file)),
        hash_(std::move(hash)),
        formula_(steps_.formula()) {
    const bool memory = !steps_.remembered.empty();
    info_ = {.id = file_,
             .title = steps_.title,
             .formula = formula_,
             .source = steps_.source,
             .tag = "own",
             .score_calls = static_cast<int>(steps_.step.calls.size()),
             .deterministic = steps_.deterministic(),
             .memory = memory,
             .single_steps = !memory};
    info_.path_kernel = is_path_kernel(observe_steps(*this));
  }

  const SamplerInfo& info() const override { return info_; }
  std::string text() const override { return fmt::format("{}:hash={}", file_, hash_); }

#define LEMMABENCH_STEP(State, Real)                                       \
  void step(const Step<Real>& c, Walk<State, Real>& walk) const override { \
    StageRun<State, Real>(steps_, c, walk).run();                          \
  }
  LEMMABENCH_FOR_EACH_STATE(LEMMABENCH_STEP)
#undef LEMMABENCH_STEP

 private:
  ExpressionSteps steps_;
  std::string file_;
  std::string hash_;
  std::string formula_;
  SamplerInfo info_;
};

}  // namespace

std::string content_hash(std::string_view text) {
  std::uint64_t hash = 14695981039346656037ULL;
  for (const char c : text) {
    hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211ULL;
  }
  return fmt::format("{:016x}", hash);
}

std::unique_ptr<Sampler> parse_expression_sampler(std::string_view document,
                                                  const std::string& file) {
  return std::make_unique<ExpressionSampler>(parse_expression_steps(document, file), file,
                                             content_hash(document));
}

std::unique_ptr<Sampler> make_expression_sampler(Spec& spec) {
  std::ifstream in(spec.name(), std::ios::binary);
  if (!in) {
    spec.fail("cannot read this file");
  }
  const std::string document(std::istreambuf_iterator<char>(in), {});
  if (in.bad() || document.size() > kMaxFileSize) {
    spec.fail(fmt::format("cannot be read, or has more than {} bytes", kMaxFileSize));
  }
  if (spec.has("hash") && spec.word("hash") != content_hash(document)) {
    spec.fail_at("hash", fmt::format("the file has changed since: it is {} now; leave the hash out "
                                     "to take it as it is",
                                     content_hash(document)));
  }
  return parse_expression_sampler(document, spec.name());
}

}  // namespace lemmabench
