#include "cases/step_facts.hpp"

#include <fmt/format.h>

#include <exception>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "cases/free_walk.hpp"
#include "cases/parse_schedule.hpp"
#include "cases/step.hpp"
#include "numerics/sampler_misuse.hpp"

namespace lemmabench {
namespace {

constexpr long kBits = 256;

struct Probe {
  const char* schedule;
  long steps;
  long dim;
};
/// Fractions without a pattern; h_t < 1/2 throughout, which overshooting samplers need. The kinds
/// differ in what varies along the steps (h does not for logit, b does not for linear).
constexpr Probe kProbes[] = {
    {"karras:sigma_min=317/1009,sigma_max=2113/499,rho=57/13", 13, 1},
    {"karras:sigma_min=113/4973,sigma_max=89/211,rho=7/3", 25, 3},
    {"logit:from=-571/397,to=887/643", 8, 2},
    {"logit:from=-1373/431,to=-269/733", 13, 7},
    {"li-cai:c0=1039/1511,c1=61/59", 10, 5},
    {"li-cai:c0=17/13,c1=353/307", 12, 1},
    {"two-phase:c0=7/11,c1=47/53", 15, 4},
};

/// False where s^2 is certainly not b/alpha, and where 56 of the 256 bits do not settle it.
bool has_path_noise(const Step<Ball>& c, const Ball& sd) {
  const Ball gap = sd * sd * c.alpha / c.b - 1;
  return gap.finite() && gap.contains_zero() &&
         gap.radius().less_than(Ball::exactly(0x1p-200)) == Truth::certainly;
}

class Observer {
 public:
  explicit Observer(const Sampler& sampler) : sampler_(sampler) {}

  void run(const Probe& probe) {
    const Schedule<Ball> schedule(make_schedule(probe.schedule, "schedule"), probe.steps);
    std::set<int> kept;
    bool whole = true;  // no step was left out, whose memory would be missing
    for (int t = schedule.steps(); t >= 2; --t) {
      const Step<Ball> c = make_step(schedule, t, probe.dim);
      FreeWalk<Ball> walk(whole ? &kept : nullptr);
      try {
        sampler_.step(c, walk);
      } catch (const SamplerMisuse&) {
        throw;
      } catch (const std::exception&) {
        whole = false;  // it may refuse so few steps
        continue;
      }
      note(c, walk.record(), probe);
    }
  }

  StepFacts facts() {
    facts_.one_kernel = facts_.one_kernel && facts_.answered;
    facts_.path_noise = facts_.path_noise && facts_.one_kernel;
    facts_.score_calls = calls_.value_or(0);
    return std::move(facts_);
  }

 private:
  void note(const Step<Ball>& c, const StepRecord<Ball>& record, const Probe& probe) {
    facts_.answered = true;
    facts_.noise = facts_.noise || record.noisy_kernels > 0 || record.noises > 0;
    facts_.remembers = facts_.remembers || record.remembers || record.recalls;
    facts_.intermediate = facts_.intermediate || record.noises > 0;
    if (record.kernels != 1 || record.noisy_kernels != 1 || record.recalls) {
      facts_.one_kernel = false;
    } else if (!has_path_noise(c, *record.sd)) {
      facts_.path_noise = false;
      if (facts_.wrong_noise.empty()) {
        facts_.wrong_noise = fmt::format("t = {} of {}, {}", c.t, c.steps, probe.schedule);
      }
    }
    calls_ = calls_.value_or(record.score_calls) == record.score_calls ? record.score_calls : 0;
  }

  const Sampler& sampler_;
  StepFacts facts_;
  std::optional<int> calls_;
};

}  // namespace

StepFacts observe_steps(const Sampler& sampler) {
  const PrecisionScope scope(kBits);
  Observer observer(sampler);
  for (const Probe& probe : kProbes) {
    observer.run(probe);
  }
  return observer.facts();
}

std::string false_declaration(const SamplerInfo& info, const StepFacts& facts) {
  if (!facts.answered) {
    return "";
  }
  if (info.deterministic && facts.noise) {
    return "says deterministic = true, but its steps draw noise";
  }
  if (info.path_kernel && facts.one_kernel && !facts.path_noise) {
    return fmt::format(
        "says path_kernel = true, but its noise is not sqrt(b/alpha) in the step from {}",
        facts.wrong_noise);
  }
  if (info.path_kernel && !facts.noise) {
    return "says path_kernel = true, but its steps draw no noise";
  }
  if (info.path_kernel && facts.remembers) {
    return "says path_kernel = true, but its steps remember earlier ones";
  }
  if (info.score_calls > 0 && facts.score_calls > 0 && info.score_calls != facts.score_calls) {
    return fmt::format("says score_calls = {}, but a step calls {}", info.score_calls,
                       facts.score_calls);
  }
  return "";
}

bool is_path_kernel(const StepFacts& facts) { return facts.path_noise; }

}  // namespace lemmabench
