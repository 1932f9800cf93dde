#pragma once

#include "numerics/estimate.hpp"
#include "numerics/evidence.hpp"
#include "theory/gaussian/gaussian_divergences.hpp"

/// Total variation between Gaussians with a common eigenbasis, for any spectrum and mean difference
/// (blocks as in theory/gaussian/gaussian_divergences.hpp).
///
/// With l = log p/q, min(p, q) = sqrt(pq) e^{-|l|/2}, and the Fourier transform of e^{-|l|/2} gives
///   TV = (1/2 pi) int (1 - B(1/2+iy))/(1/4+y^2) dy,   B(s) = int p^s q^{1-s}   [D].
/// B is analytic but for cuts on the real axis from s = -1/e_i outwards, and s(1-s) = 1/4+y^2 has
/// its zeros at s = 0, 1. Moved across s = 0 the integral of 1/(1/4+y^2) vanishes and
///   TV = -(1/2 pi i) int_C B(s)/(s(1-s)) ds,
/// C any curve that crosses the real axis between the cut and 0, upwards. We take a hyperbola
/// through the saddle point of the integrand that opens around the left cut,
///   s(t) = s0 + a(1 - cosh t) + i b sinh t:
/// no kinks, no definiteness, no cancellation for close laws, doubly exponential decay. For far
/// laws the curve crosses between 0 and 1 instead, which gives 1 - TV. Opening to the other side is
/// the same with p and q exchanged.
namespace lemmabench {

/// TV by the trapezoid rule on the hyperbola: geometric convergence. The step is halved until the
/// result stands; the error is the last change plus a bound of the tail and of rounding.
/// Relative error a few 1e-16 in double, a few 1e-15 when TV is close to 1; estimated at 1e-15 to
/// 1e-12 (the estimate covered the error against balls on every spectrum tried), for every scale of
/// e and shift down to 1e-300. Cost: 50-200 complex logarithms a block; 0.03 ms for one block,
/// 0.5 ms for 64.
/// Throws as kl_pq, and NumericalFailure if 2^16 nodes do not suffice.
template <class Real>
Estimate<Real> estimate_total_variation(RelativeBlocks<Real> blocks);

/// TV enclosed, `digits` significant digits where the radii of the blocks allow it; always Proved.
///
/// One block without shift: P_d(a) - P_d(b) with chi-square distribution functions,
/// b = d log(1+e)/e, a = (1+e) b. Otherwise the contour integral by acb_calc_integrate with the
/// tail bounded on a vertical line, where |1+s e_i| increases. Equal variances: erf(sqrt(sum
/// shift/8)). Both are evaluated at the blocks' midpoints; the radii widen the result by the
/// triangle inequality and Pinsker, TV(q, q') <= sqrt(KL(q'||q)/2), so wide input costs no time.
/// Cost at 40 digits: chi-square 0.1 ms (d = 5) to 0.5 ms (d = 4096), contour 10 to 200 ms for up
/// to 64 blocks. Throws as kl_pq; NumericalFailure when the integrator gives up (not seen).
Quantity total_variation(RelativeBlocks<Ball> blocks, long digits);

/// The general route alone (contour), for the comparison of the two.
Quantity total_variation_by_contour(RelativeBlocks<Ball> blocks, long digits);

#define LEMMABENCH_EXTERN(Real) \
  extern template Estimate<Real> estimate_total_variation<Real>(RelativeBlocks<Real>);
LEMMABENCH_FOR_EACH_COMMON_FLOAT(LEMMABENCH_EXTERN)
#undef LEMMABENCH_EXTERN

}  // namespace lemmabench
