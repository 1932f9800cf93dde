#pragma once

#include "numerics/panels.hpp"
#include "theory/gaussian_total_variation.hpp"

namespace lemmabench {

/// TV between p(x) N(g; 0, w I_m) and q(x) N(g; 0, v I_m), e = v/w - 1 > -1, m >= 1, p and q on the
/// line: `laws` has p in channel 0 and q - p in channel 1. For given x, p N_w exceeds q N_v in a
/// ball |g|^2 < w c (e > 0) or outside of it (e < 0),
///   c(x) = ((1+e)/e) (m log(1+e) - 2 log(q/p)),
/// so with F the distribution function of chi2_m
///   TV = int p F(c) - q F(c/(1+e)) dx           (e > 0, c > 0; nothing where c <= 0),
///   TV = int p (1-F(c)) - q (1-F(c/(1+e))) dx   (e < 0; c is replaced by 0 where it is negative)
/// [D]. Evaluated as p times a difference of F at nearby points less (q - p) F: the accuracy is
/// relative to sup |q/p - 1| and e. The integrand has a kink of order m/2 where c = 0, towards
/// which the panels are graded. `tolerance` is relative; the error is the change from panels twice
/// as wide and a tolerance 100 times larger, plus 10 tolerances.
Estimate<double> isotropic_product_total_variation(const PanelFunction<double>& laws, double e,
                                                   long m, double tolerance = 1e-12);

}  // namespace lemmabench
