#pragma once

#include "numerics/panels.hpp"
#include "theory/gaussian/gaussian_total_variation.hpp"

namespace lemmabench {

/// TV between p(x) N(g; 0, w I_m) and q(x) N(g; 0, v I_m), e = v/w - 1 > -1, m >= 1, p and q on the
/// line: `laws` has p in channel 0 and q - p in channel 1. The integral over x of what
/// isotropic_excess.hpp says of a point, on panels graded towards its kinks. `tolerance` is
/// relative; the error is the change from panels twice as wide and a tolerance 100 times larger,
/// plus 10 tolerances.
Estimate<double> isotropic_product_total_variation(const PanelFunction<double>& laws, double e,
                                                   long m, double tolerance = 1e-12);

}  // namespace lemmabench
