#pragma once

#include <span>

#include "numerics/evidence.hpp"
#include "theory/gaussian_divergences.hpp"

namespace lemmabench {

/// A term weight * chi2_degrees of a sum of independent chi-squares; weight != 0, degrees >= 1.
struct WeightedChiSquare {
  double weight = 1;
  long degrees = 1;
};

/// P(sum_r weight_r chi2_{degrees_r} > threshold) by Imhof's integral,
///   1/2 + (1/pi) int_0^inf sin(theta(u))/(u rho(u)) du,
///   theta = (1/2) sum m atan(lambda u) - threshold u/2,  rho = prod (1+lambda^2 u^2)^{m/4}
/// [Q: J. P. Imhof, Computing the distribution of quadratic forms in normal variables, Biometrika
/// 48 (1961), eq. (3.2)], with the midpoint rule, whose error falls exponentially with the step
/// because the sum has exponential tails (R. B. Davies, Appl. Statist. 29 (1980), AS 155).
///
/// Computed: the error is the change under halving the step, plus Imhof's bound of the truncated
/// tail, 2/(pi M U^{M/2} prod |lambda|^{m/2}) with M = sum m, plus rounding. Below 1e-12 for M >=
/// 6; the tail dominates below: 2e-11, 9e-9, 4e-6 and 2e-3 at M = 4, 3, 2 and 1, and the error says
/// so. Cost: up to 2^20 integrand values (20 ms and more); not for production: a third way to a TV
/// that total_variation has already, independent of contours and of incomplete gamma functions.
/// Throws InputError when there is no term or one is outside its range.
Quantity upper_probability(std::span<const WeightedChiSquare> terms, double threshold);

/// TV between zero-mean Gaussians, P(sum e chi2_m > c) - P(sum e/(1+e) chi2_m > c),
/// c = sum m log(1+e): q exceeds p where sum_i (1/w_i - 1/v_i) x_i^2 > sum log(v_i/w_i) [D, with
/// theory.md section 4]. Absolute error as above: useless when TV is below 1e-12.
/// Throws InputError when a shift is not 0.
Quantity total_variation_by_imhof(RelativeBlocks<double> blocks);

}  // namespace lemmabench
