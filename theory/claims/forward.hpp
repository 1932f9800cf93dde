#pragma once

#include <functional>
#include <string_view>
#include <vector>

#include "theory/claims/box_identity.hpp"
#include "theory/claims/claim.hpp"
#include "theory/mixture/ball_mixture.hpp"
#include "theory/radial/ray_mixture.hpp"

/// What the claims F1..F10 about the forward process and its scores share.
namespace lemmabench {

/// A level of the default schedule (li-cai, c0 = 2, c1 = 9).
struct ForwardLevel {
  long steps;  ///< T
  long t;
  Level<Ball> level;

  Place place(std::string_view part) const { return {.part = part, .steps = steps, .t = t}; }
};

/// An axis of a target: a coordinate that is independent of the others, or, of a law that is the
/// same in every direction, a ray. The law at a level along it, as balls or as series in v.
template <class V = Ball>
BallMixture<V> axis_mixture(const CoordinateLaw& law, const Ball& abar, const V& noise) {
  return BallMixture<V>(law, abar, noise);
}
template <class V = Ball>
RayMixture<V> axis_mixture(const ScaleMixtureLaw& law, const Ball& abar, const V& noise) {
  return RayMixture<V>(law, abar, noise);
}
template <class Law>
auto axis_mixture(const Law& law, const Level<Ball>& level) {
  return axis_mixture<Ball>(law, level.abar, level.noise);
}

/// How many directions a formula along the axis leaves out: d-1 on a ray. Those of independent
/// coordinates have axes of their own.
inline long directions_across(const CoordinateLaw&) { return 0; }
inline long directions_across(const ScaleMixtureLaw& law) { return law.dim - 1; }

/// What forward_levels() are, for the records. The signal-to-noise ratio passes 1 near t = 100 of T
/// = 128; at t = 1 of T = 1024 1-abar is 1e-20.
inline constexpr const char* kForwardLevels =
    "levels of li-cai:c0=2,c1=9: on Gaussians every t of T = 128, on mixtures t = 1, 32, 64, 72, "
    "..., 128 of T = 128 (full suite: every fourth t); on both t = 1 and t = T of T = 1024";
std::vector<ForwardLevel> forward_levels(const Trial& trial);

/// The same for claims that cost an integral a level: on mixtures t = 1, 72, 88, 104, 128.
inline constexpr const char* kIntegralLevels =
    "levels of li-cai:c0=2,c1=9: on Gaussians every t of T = 128, on mixtures t = 1, 72, 88, 104, "
    "128 of T = 128 (full suite: every fourth t); on both t = 1 and t = T of T = 1024";
std::vector<ForwardLevel> integral_levels(const Trial& trial);

/// The hypothesis that all of family F shares: each coordinate of X_0 is independent of the others
/// and a finite mixture of Gaussians, or X_0 is a finite scale mixture.
Hypothesis finite_mixture();

/// The coordinates of the target; none for a scale mixture, whose coordinates are not independent.
const std::vector<CoordinateLaw>& coordinates(const Trial& trial);

/// f(law) for the law of every axis of the target, until one returns false. Returns whether all
/// returned true.
template <class F>
bool for_each_axis(const Trial& trial, F f) {
  if (const ScaleMixtureLaw* law = trial.target().scale_mixture()) {
    return f(*law);
  }
  for (const CoordinateLaw& law : coordinates(trial)) {
    if (!f(law)) {
      return false;
    }
  }
  return true;
}

/// The interval within 8 standard deviations of any component (on a ray: of its mean radius, about
/// sqrt(d W_k), and all that is nearer to 0), and the narrowest W_k.
struct LineRange {
  Ball low;
  Ball high;
  Ball narrowest;
};
LineRange line_range(const CoordinateLaw& law, const Level<Ball>& level);
LineRange line_range(const ScaleMixtureLaw& law, const Level<Ball>& level);

/// Proves an identity in x along every axis at every level of forward_levels(), on all x of
/// line_range (identity_on_boxes), and stops where it certainly fails or the budget is used up.
/// `sides(law, level)` is called once for an axis and a level and gives a function of x, a
/// Jet<Ball>, to BoxSides; the largest natural size of the sides is narrowest^(-power/2). Returns
/// how many levels it looked at.
template <class SidesAt>
long prove_in_x(const Trial& trial, Comparisons& out, std::string_view part, int power,
                SidesAt sides) {
  long looked_at = 0;
  for (const ForwardLevel& at : forward_levels(trial)) {
    ++looked_at;
    const bool proved = for_each_axis(trial, [&](const auto& law) {
      const LineRange range = line_range(law, at.level);
      const Ball root = sqrt(range.narrowest);
      const BoxIdentity identity{.sides = sides(law, at.level),
                                 .low = range.low,
                                 .high = range.high,
                                 .scale = 1 / pow(root, Ball(power))};
      return identity_on_boxes(identity, at.place(part), out);
    });
    if (!proved) {
      return looked_at;
    }
  }
  return looked_at;
}

/// "levels (T, t), every x within 8 deviations of a component".
Coverage on_levels(long levels);
inline constexpr const char* kCoversLevels =
    "instances: the levels (T, t) named, at each every x within 8 deviations of a component (of "
    "its "
    "mean radius, in a scale mixture)";
inline constexpr const char* kCoversExpectations = "instances: the levels (T, t) named";

// The records, one function each, beside their evaluators.
Claim claim_f1();
Claim claim_f2();
Claim claim_f3();
Claim claim_f4();
Claim claim_f5();
Claim claim_f6();
Claim claim_f7();
Claim claim_f8();
Claim claim_f9();
Claim claim_f9_sigma();
Claim claim_f10();

}  // namespace lemmabench
