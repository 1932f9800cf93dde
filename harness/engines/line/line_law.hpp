#pragma once

#include "cases/sampler.hpp"
#include "cases/score_estimate.hpp"
#include "harness/engines/line/line_kernel.hpp"
#include "harness/engines/line/line_walk.hpp"
#include "numerics/mp.hpp"
#include "theory/process/output_law.hpp"
#include "theory/targets/product_law.hpp"

namespace lemmabench {

/// Most significant digits the line law is computed to.
inline constexpr long kMaxLineDigits = 60;

/// The line law of theory.md section 4: the density of Y_1 for a mixture on the line, by
/// propagating piecewise polynomials through the kernels of the sampler (line_kernel.hpp). Any
/// sampler of cases/, any score estimate.
///
/// request.digits up to 15 (0 is the default) runs in double, up to 30 in Mp40, up to 60 in Mp80.
/// Every number is computed twice, with different polynomial orders, panels, tolerances and
/// Gauss-Hermite rules; the value is that of the finer run, its error twice the difference, plus
/// the mass defect |int q - 1|, plus eps a step for rounding. In double this is about 1e-11 in TV,
/// and below 1e-10 for a thousand steps with the default schedule or modes 500 deviations apart.
///
/// Terms: initialisation, discretisation, score (TV, theory.md section 5), initial_tv, initial_kl,
/// eps_score (A1), early_stopping_w2_bound, mass_defect, and with options.local_errors the local
/// errors and their sum local_sum. With the exact score or start a term is 0 and costs nothing.
///
/// Fills everything of the result but `request`. Cost: about 0.2 ms a step and run in double for
/// three modes; the two runs share options.threads. Throws InputError (digits out of range) and
/// EngineRefusal (a deterministic sampler that folds the line, a map too rough to resolve).
LawResult compute_line_law(const CoordinateLaw& target, const Sampler& sampler,
                           const ScoreEstimate& score, const LawRequest& request,
                           const LawOptions& options);

/// What the line law is asked about, in one scalar.
template <class Real>
LineModel<Real> line_model(const CoordinateLaw& target, const Sampler& sampler,
                           const ScoreEstimate& score, const LawRequest& request);

/// N(mean, variance) on the line as a mixture of one. Throws EngineRefusal unless dim is 1.
CoordinateLaw as_mixture(const GaussianLaw& target);

/// The coarser and the finer discretisation for that many digits (0: double).
LineSettings coarse_line_settings(long digits);
LineSettings fine_line_settings(long digits);

#define LEMMABENCH_EXTERN(Real)                                                          \
  extern template LineModel<Real> line_model<Real>(const CoordinateLaw&, const Sampler&, \
                                                   const ScoreEstimate&, const LawRequest&);
LEMMABENCH_FOR_EACH_FLOAT(LEMMABENCH_EXTERN)
#undef LEMMABENCH_EXTERN

}  // namespace lemmabench
