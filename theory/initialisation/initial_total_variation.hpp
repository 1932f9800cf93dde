#pragma once

#include "numerics/evidence.hpp"
#include "theory/process/schedule.hpp"
#include "theory/radial/scale_law.hpp"

namespace lemmabench {

/// TV(p_t, N(0, I_d)) of a scale mixture X_t = sqrt(abar W + 1-abar) G, the initialisation error
/// before the sampler runs (theory.md section 5).
///
/// log(p/phi)(r) is the log of a sum of exponentials in r^2, hence convex in r^2 with at most two
/// zeros r_1 < r_2, and TV = (P - Q)(|x| < r_1) + (P - Q)(|x| > r_2), by the tails of both laws
/// (ScaleMixture::cdf). Computed with two grids in the scale; the error is twice the difference
/// plus 4e-16 d + 1e-14, the rounding of the densities and the tails. Exact for atoms up to
/// rounding. Cost: about 1 ms.
Quantity initial_total_variation(long dim, const ScaleLaw& law, const Level<double>& level);

}  // namespace lemmabench
