#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "theory/claims/claim.hpp"
#include "theory/mixture/flow_step.hpp"

/// The defect of one step of a sampler, Phi_t - Psi_t, on the line (theory.md section 4): Phi_t the
/// exact flow from v = 1-abar_t to 1-abar_t-2b, Psi_t the sampler's own map.
namespace lemmabench {

inline constexpr std::string_view kStepSymbols =
    "Phi_t the exact flow at fixed signal from v = 1-abar_t to 1-abar_t-2b, Psi_t the sampler's "
    "map: Y_{t-1} = (Psi_t(Y_t) + sqrt(b) Z)/sqrt(alpha_t)";

/// The levels and step sizes a step t -> t-1 works with.
struct StepLevels {
  int t = 0;
  int steps = 0;
  Ball abar;   ///< abar_t
  Ball noise;  ///< 1-abar_t
  Ball b;      ///< b_t
  Ball b1;     ///< b_{t+1}; b_t at t = T, where no sampler asks for it
};
StepLevels step_levels(const Schedule<Ball>& schedule, int t);
/// t = T and the t whose log snr is nearest to `from`, ..., 4 in steps of `gap`: from -1 on is
/// where the score of a mixture changes most. (Towards both ends of the schedule the defects vanish
/// against the bound.)
std::vector<int> chosen_levels(const Schedule<Ball>& schedule, double gap, double from = -1);

/// A sampler as it is put to the test, with what a control breaks.
struct SteppedSampler {
  Laboratory& laboratory;
  std::string name;
  /// Neighbouring levels' scores are taken from level t + neighbour (t' - t); 1 is right, 0 gives
  /// s_t for every level.
  int neighbour = 1;
  /// The step is told `momentum` b_{t+1} for b_{t+1}; 1 is right.
  Ball momentum = Ball(1);
};
/// With the parameters `neighbour` and `momentum` of the claim.
SteppedSampler stepped_sampler(const Trial& trial, const std::string& name);

/// s*_{t'}(y) at another level in terms of the law at fixed signal: with y' = y r in the
/// unnormalised coordinate, s*(y) = r S(y r) (theory.md section 1).
template <class Mixture, class S>
S neighbour_score(const Mixture& mixture, const S& ratio, const S& y) {
  return ratio * mixture.at(S(ratio * y)).score();
}

/// Psi_t as a series in x: the sampler's own code on the exact scores of a law, on the line
/// (BallMixture) or along a ray (RayMixture).
template <class Mixture>
class SamplerMap {
 public:
  /// `below` and `above` are the law at levels t-1 and t+1, at the signal of t. What is given by
  /// reference must outlive this.
  SamplerMap(long dim, const StepLevels& levels, const SteppedSampler& sampler, Mixture below,
             Mixture above)
      : dim_(dim),
        levels_(levels),
        sampler_(sampler),
        below_(std::move(below)),
        above_(std::move(above)),
        sqrt_alpha_(sqrt(1 - levels.b)),
        sqrt_alpha1_(sqrt(1 - levels.b1)) {}

  /// `here`: the law at level t.
  Jet<Ball> operator()(const Mixture& here, const Jet<Ball>& x) const {
    const JetStep step{levels_.t,
                       levels_.steps,
                       dim_,
                       levels_.abar,
                       levels_.noise,
                       levels_.b,
                       sampler_.momentum * levels_.b1};
    return sampler_.laboratory.step_map(sampler_.name, step, x, [&](int level, const Jet<Ball>& y) {
      return score(here, level, y);
    });
  }

 private:
  Jet<Ball> score(const Mixture& here, int level, const Jet<Ball>& y) const {
    const int taken = levels_.t + sampler_.neighbour * (level - levels_.t);
    if (taken == levels_.t) {
      return here.at(y).score();
    }
    return taken < levels_.t ? neighbour_score(below_, Jet<Ball>(sqrt_alpha_), y)
                             : neighbour_score(above_, Jet<Ball>(1 / sqrt_alpha1_), y);
  }

  long dim_;
  const StepLevels& levels_;
  const SteppedSampler& sampler_;
  Mixture below_;
  Mixture above_;
  Ball sqrt_alpha_;
  Ball sqrt_alpha1_;
};

/// Phi_t - Psi_t as a function of x, at the step's own b. Remembers Phi_t at points: not for
/// several threads at once.
class StepDefect {
 public:
  /// Everything given must outlive this.
  StepDefect(const CoordinateLaw& law, const StepLevels& levels, const SteppedSampler& sampler);

  /// The difference at every point of the box, by series in x with Lagrange's remainder:
  /// 70 us at a point, 0.3 ms on a box for two components.
  Ball operator()(const Ball& box) const;
  /// d sd for a Gaussian (one component), where the difference is d (x - c) and sd^2 = Var X_t.
  Ball per_deviation() const;

 private:
  /// Phi_t at a point or on a box: Phi_t increases, so that the ends tell all.
  Ball image(const Ball& box) const;
  Ball point_image(const Ball& point) const;
  Jet<Ball> sampler_map(const Jet<Ball>& x) const { return sampler_(flow_.from(), x); }

  FlowStep flow_;
  SamplerMap<BallMixture<>> sampler_;
  mutable std::map<double, Ball> images_;  ///< boxes that are halved share their ends and centres
};

/// Phi_t(x) and Psi_t(x) as power series in b = b_t up to b^order, with b_{t+1}/b_t fixed at what
/// the schedule has there; x and so every coefficient is itself a series (a point is one of order
/// 0). About 10 ms for two components, order 3 in b and 10 in x.
struct StepSeries {
  Jet<Jet<Ball>> exact;
  Jet<Jet<Ball>> sampler;
};
StepSeries step_series(const CoordinateLaw& law, const StepLevels& levels,
                       const SteppedSampler& sampler, const Jet<Ball>& x, int order);

}  // namespace lemmabench
