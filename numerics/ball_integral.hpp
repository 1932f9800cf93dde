#pragma once

#include <functional>
#include <span>

#include "numerics/adaptive_precision.hpp"
#include "numerics/complex_ball.hpp"

/// Proved integrals over real intervals.
namespace lemmabench {

/// A function given on complex balls z near the real line.
///
/// Without `analytic` the result must contain f(z) for every z in the ball. With it the result must
/// besides be infinite unless f is holomorphic on all of z (poles give that by themselves, since
/// balls divided by balls that contain 0 are infinite; for log, sqrt and |x| pass the flag on).
using ComplexFunction = std::function<ComplexBall(const ComplexBall& z, bool analytic)>;

/// How accurate an integral must be and what it may cost.
struct IntegralGoal {
  /// Digits of the result: relative to its size, or absolute. The working precision should exceed
  /// them by some 20 bits.
  long digits = 15;
  Accuracy accuracy = Accuracy::relative;
  /// Most values of f. A smooth panel takes about one value a digit; a pole at a hundredth of the
  /// panel's length beside it about ten times that.
  long evaluations = 200'000;
};

/// int f from the first to the last of `points` (at least two, ascending, else InputError),
/// enclosed.
///
/// `points` are where f may fail to be holomorphic (kinks, jumps) or where its scale changes
/// (narrow peaks). One that is missed costs bisection, not rigour.
/// They may be inexact, as roots found by bisection are: the integral over such a ball is enclosed
/// by f's values there times its width, so that f(ball, analytic = false) must be finite on it.
/// Between them Gauss-Legendre rules with error bounds from f on complex ellipses, adaptive in
/// degree and in bisection (acb_calc_integrate; F. Johansson, ICMS 2018, section 3).
/// A relative goal costs 32 values a panel to guess the size, and a second pass where that guess
/// was too large (because positive and negative parts cancel).
///
/// Cost: 30 to 300 values of f on a smooth panel at 15 to 30 digits. Precision: the thread's.
/// Throws NumericalFailure when the goal is not reached within the evaluations or at the working
/// precision, and what f throws.
Ball integral(const ComplexFunction& f, std::span<const Ball> points, const IntegralGoal& goal);

/// The same over the whole line: `tails` >= |int of f outside the points|, proved by the caller, is
/// added to the radius and counts against the goal. Throws NumericalFailure when it exceeds it.
Ball integral_with_tails(const ComplexFunction& f, std::span<const Ball> points, const Ball& tails,
                         const IntegralGoal& goal);

}  // namespace lemmabench
