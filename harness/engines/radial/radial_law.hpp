#pragma once

#include "cases/sampler.hpp"
#include "cases/score_estimate.hpp"
#include "harness/engines/radial/radial_propagator.hpp"
#include "theory/process/output_law.hpp"
#include "theory/targets/radial_law.hpp"

namespace lemmabench {

/// The radial law of theory.md section 4: the density of |Y_1| for a rotation-invariant target in
/// R^d, 1 <= d <= 4096, by propagating piecewise polynomials in the log-radius through the kernels
/// of the sampler (radial_propagator.hpp). TV, KL and Hellinger of the radii are those in R^d.
///
/// Runs in double, twice, with different polynomial orders, panels, tolerances, quadratures and
/// grids in the scale; errors as for compute_line_law. Terms: initialisation, discretisation,
/// score, initial_tv, initial_kl, eps_score, early_stopping_w2_bound (if E|X_0|^2 is finite),
/// mass_defect, and with options.local_errors the local errors and local_sum.
///
/// A last level without noise compares with the law of X_0; a first one without signal starts from
/// N(0, I) exactly (the parts that the start makes are 0), from exact scores only.
///
/// Fills everything of the result but `request`. Throws InputError (digits above 15) and
/// EngineRefusal (noise inside a kernel, a score estimate that is not equivariant, a deterministic
/// map that folds the radius, an unstable sampler; at a last level without noise a sphere, which
/// has no density, and a score estimate where E|grad log p(X_0)|^2 is infinite; at a first level
/// without signal a law without a mean).
LawResult compute_radial_law(const RadialLaw& target, const Sampler& sampler,
                             const ScoreEstimate& score, const LawRequest& request,
                             const LawOptions& options);

/// The coarser and the finer discretisation of a law of so many steps. From 1 to 9 digits they are
/// looser throughout (about a third of the cost at 8), for sweeps; 0 and more is as good as it
/// gets.
RadialSettings coarse_radial_settings(long steps, long digits);
RadialSettings fine_radial_settings(long steps, long digits);

}  // namespace lemmabench
