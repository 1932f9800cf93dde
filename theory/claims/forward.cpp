#include "theory/claims/forward.hpp"

#include <algorithm>

#include "numerics/ball_functions.hpp"

namespace lemmabench {
namespace {

std::string not_a_mixture(const Case& subject) {
  return subject.target()->student() == nullptr
             ? ""
             : "a Student-t law is no finite mixture of Gaussians in each coordinate";
}

std::vector<ForwardLevel> levels(const Trial& trial, const std::vector<int>& of_mixtures) {
  std::vector<ForwardLevel> out;
  const auto add = [&out](const Schedule<Ball>& schedule, int t) {
    out.push_back({schedule.steps(), t, schedule.level(t)});
  };
  const Schedule<Ball> coarse(LiCaiSchedule{}, 128);
  for (int t = 1; t <= coarse.steps(); ++t) {
    const bool chosen = std::find(of_mixtures.begin(), of_mixtures.end(), t) != of_mixtures.end();
    if (trial.target().gaussian() || chosen || (trial.effort().full && t % 4 == 0)) {
      add(coarse, t);
    }
  }
  const Schedule<Ball> fine(LiCaiSchedule{}, 1024);
  add(fine, 1);
  add(fine, fine.steps());
  return out;
}

}  // namespace

std::vector<ForwardLevel> forward_levels(const Trial& trial) {
  return levels(trial, {1, 32, 64, 72, 80, 88, 96, 104, 112, 120, 128});
}

std::vector<ForwardLevel> integral_levels(const Trial& trial) {
  return levels(trial, {1, 72, 88, 104, 128});
}

Hypothesis finite_mixture() {
  return {"independent coordinates, each a finite mixture of Gaussians, or a finite scale mixture",
          not_a_mixture};
}

const std::vector<CoordinateLaw>& coordinates(const Trial& trial) {
  static const std::vector<CoordinateLaw> kNone;
  const ProductLaw* law = trial.target().product();
  return law != nullptr ? law->coordinates : kNone;
}

/// The range that is asked about, and so at midpoints.
LineRange line_range(const CoordinateLaw& law, const Level<Ball>& level) {
  const BallMixture<> mixture(law, level);
  LineRange range{mixture.mean(0), mixture.mean(0), mixture.variance(0)};
  for (std::size_t k = 0; k < mixture.size(); ++k) {
    const Ball reach = 8 * sqrt(mixture.variance(k));
    range.low = smaller(range.low, mixture.mean(k) - reach);
    range.high = larger(range.high, mixture.mean(k) + reach);
    range.narrowest = smaller(range.narrowest, mixture.variance(k));
  }
  // The ends are a choice: any exact ones will do.
  range.low = range.low.midpoint();
  range.high = range.high.midpoint();
  return range;
}

LineRange line_range(const ScaleMixtureLaw& law, const Level<Ball>& level) {
  const BallScaleMixture<> mixture(law, level);
  const Ball reach = sqrt(Ball(law.dim)) + 8;
  LineRange range{Ball(0), Ball(0), mixture.variance(0)};
  for (std::size_t k = 0; k < mixture.size(); ++k) {
    range.high = larger(range.high, reach * sqrt(mixture.variance(k)));
    range.narrowest = smaller(range.narrowest, mixture.variance(k));
  }
  range.high = range.high.midpoint();
  return range;
}

Coverage on_levels(long levels) {
  return Coverage::instances(levels, "levels (T, t), every x within 8 deviations of a component");
}

std::vector<Claim> forward_claims() {
  return {claim_f1(), claim_f2(), claim_f3(), claim_f4(),       claim_f5(), claim_f6(),
          claim_f7(), claim_f8(), claim_f9(), claim_f9_sigma(), claim_f10()};
}

}  // namespace lemmabench
