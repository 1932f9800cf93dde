#pragma once

#include "cases/sampler.hpp"
#include "cases/score_estimate.hpp"
#include "theory/process/output_law.hpp"
#include "theory/targets/product_law.hpp"

namespace lemmabench {

/// The Gaussian law of theory.md section 4: with a Gaussian target and an affine score the law of
/// Y_1 is Gaussian, and everything about it is known to any precision, in any dimension.
///
/// arithmetic "ball": every number is proved. The working precision starts at the digits asked for
/// and grows until all of them are there, up to 65536 bits. "double" and "mp": the value of that
/// arithmetic, with its distance to the same computation at 40 (80) digits as the error: computed.
///
/// Terms: initialisation, discretisation, score (TV, theory.md section 5); eps_score (A1); path_kl
/// and initial_kl for samplers whose step is one kernel y -> N(Psi(y), b/alpha); early_stopping_w2
/// (exact W2 between X_1 and X_0) with its bound; with options.local_errors the local errors and
/// their sum local_sum.
///
/// Fills everything of the result but `request`. Throws InputError and EngineRefusal.
LawResult compute_gaussian_law(const GaussianLaw& target, const Sampler& sampler,
                               const ScoreEstimate& score, const LawRequest& request,
                               const LawOptions& options);

}  // namespace lemmabench
