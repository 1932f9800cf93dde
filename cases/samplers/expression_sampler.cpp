#include "cases/samplers/expression_sampler.hpp"

#include <fmt/format.h>

#include <cstdint>
#include <fstream>
#include <iterator>
#include <optional>
#include <utility>
#include <vector>

#include "cases/samplers/expression_steps.hpp"
#include "cases/step_facts.hpp"
#include "numerics/error.hpp"
#include "numerics/finite.hpp"
#include "numerics/mp.hpp"
#include "numerics/quoted.hpp"

namespace lemmabench {
namespace {

constexpr std::size_t kMaxFileSize = 1'000'000;

/// The coefficients without their radii.
Step<Ball> at_midpoint(Step<Ball> c) {
  for (Ball* x : {&c.abar, &c.noise, &c.noise_next, &c.alpha, &c.sqrt_alpha, &c.b, &c.h,
                  &c.sqrt_alpha1, &c.b1, &c.sqrt_alpha_next, &c.b_next}) {
    *x = x->midpoint();
  }
  return c;
}

/// One step of a walk, by the stages of a file.
template <class State, class Real>
class StageRun {
 public:
  StageRun(const StageList& list, const Step<Real>& c, Walk<State, Real>& walk)
      : list_(list), c_(c), walk_(walk), points_(list.stages.size()), scores_(list.calls.size()) {}

  void run() {
    points_[0] = walk_.state();
    for (std::size_t k = 0; k < list_.stages.size(); ++k) {
      const Stage& stage = list_.stages[k];
      State sum = combination(stage);
      if (stage.ends_kernel) {
        move(stage, sum);
      } else if (stage.noise) {
        points_[k + 1] = walk_.add_noise(sum, value(*stage.noise));
      } else {
        points_[k + 1] = std::move(sum);
      }
      if (stage.ends_kernel && k + 1 < list_.stages.size()) {
        points_[k + 1] = walk_.state();
      }
    }
  }

 private:
  Real value(const Coefficient& coefficient) const {
    Real out = coefficient.value.value(c_);
    if (!is_finite(out)) {
      const auto what = [&](std::string_view trouble) {
        return fmt::format("{}: '{}' {} finite number at t = {} of {}", coefficient.origin,
                           quoted(coefficient.text), trouble, c_.t, c_.steps);
      };
      if constexpr (is_ball<Real>) {
        // Words only: what is finite at the middle of the balls may be so with narrower ones.
        if (coefficient.value.value(at_midpoint(c_)).finite()) {
          throw NumericalFailure(what("may be no"));
        }
      }
      throw InputError(what("is no"));
    }
    return out;
  }

  const State& score(std::size_t index) {
    std::optional<State>& known = scores_[index];
    if (!known) {
      const ScoreCall& call = list_.calls[index];
      known = walk_.score(c_.t + call.offset, *points_[call.point]);
    }
    return *known;
  }

  State combination(const Stage& stage) {
    std::optional<State> sum;
    const auto add = [&](const Coefficient& times, const State& vector) {
      State term = value(times) * vector;
      sum = sum ? State(std::move(*sum) + std::move(term)) : std::move(term);
    };
    for (const auto& term : stage.points) {
      add(term.times, *points_[term.of]);
    }
    for (const auto& term : stage.scores) {
      add(term.times, score(term.of));
    }
    return std::move(*sum);
  }

  void move(const Stage& stage, const State& mean) {
    if (stage.noise) {
      walk_.move(mean, value(*stage.noise));
    } else {
      walk_.move(mean);
    }
  }

  const StageList& list_;
  const Step<Real>& c_;
  Walk<State, Real>& walk_;
  std::vector<std::optional<State>> points_;  // Y_t and those of the stages before the last
  std::vector<std::optional<State>> scores_;
};

class ExpressionSampler final : public Sampler {
 public:
  ExpressionSampler(ExpressionSteps steps, std::string file, std::string hash)
      : steps_(std::move(steps)),
        file_(std::move(file)),
        hash_(std::move(hash)),
        formula_(steps_.step.formula()) {
    if (steps_.first) {
      formula_ += "; t = T: " + steps_.first->formula();
    }
    const StageList& first = steps_.at(true);
    info_ = {.id = file_,
             .title = steps_.title,
             .formula = formula_,
             .source = steps_.source,
             .tag = "own",
             .score_calls = static_cast<int>(steps_.step.calls.size()),
             .deterministic = steps_.step.deterministic() && first.deterministic()};
    info_.path_kernel = is_path_kernel(observe_steps(*this));
  }

  const SamplerInfo& info() const override { return info_; }
  std::string text() const override { return fmt::format("{}:hash={}", file_, hash_); }

#define LEMMABENCH_STEP(State, Real)                                       \
  void step(const Step<Real>& c, Walk<State, Real>& walk) const override { \
    StageRun<State, Real>(steps_.at(c.first()), c, walk).run();            \
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
