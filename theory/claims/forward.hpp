#pragma once

#include <functional>
#include <string_view>
#include <vector>

#include "theory/claims/box_identity.hpp"
#include "theory/claims/claim.hpp"
#include "theory/mixture/ball_mixture.hpp"

/// What the claims F1..F10 about the forward process and its scores share.
namespace lemmabench {

/// A level of the default schedule (li-cai, c0 = 2, c1 = 9).
struct ForwardLevel {
  long steps;  ///< T
  long t;
  Level<Ball> level;

  Place place(std::string_view part) const { return {.part = part, .steps = steps, .t = t}; }
};

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
/// and a finite mixture of Gaussians.
Hypothesis finite_mixture();

/// The coordinates of the target, which finite_mixture() has checked.
const std::vector<CoordinateLaw>& coordinates(const Trial& trial);

/// The interval within 8 standard deviations of any component, and the narrowest W_k.
struct LineRange {
  Ball low;
  Ball high;
  Ball narrowest;
};
LineRange line_range(const CoordinateLaw& law, const Level<Ball>& level);

/// Proves an identity in x for every coordinate at every level of forward_levels(), on all x of
/// line_range (identity_on_boxes), and stops where it certainly fails or the budget is used up.
/// `sides` is called once for a coordinate and a level; the largest natural size of the sides is
/// narrowest^(-power/2). Returns how many levels it looked at.
using SidesAt = std::function<std::function<BoxSides(const Jet<Ball>& x)>(const CoordinateLaw&,
                                                                          const Level<Ball>&)>;
long prove_in_x(const Trial& trial, Comparisons& out, std::string_view part, int power,
                const SidesAt& sides);

/// "levels (T, t), every x within 8 deviations of a component".
Coverage on_levels(long levels);
inline constexpr const char* kCoversLevels =
    "instances: the levels (T, t) named, at each every x within 8 deviations of a component";
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
