#pragma once

#include "cases/schemes/scheme.hpp"
#include "theory/process/output_law.hpp"
#include "theory/targets/product_law.hpp"

namespace lemmabench {

/// The law of a scheme's output (q) on a Gaussian target of any dimension, against the law of
/// X_0 + sigma_K Z (p): exact for any scheme, whatever it remembers (scheme_moments.hpp).
///
/// request.arithmetic "ball" (the default) proves request.digits digits (0: 40) about the scheme's
/// own coefficients, raising the precision until they are there; "double" and "mp" compute, with
/// the distance to a run in more digits as the error. request.start: `exact` is the law of
/// X_0 + sigma_0 Z, `gaussian` is N(0, scheme.start_variance()).
///
/// Terms: initialisation, discretisation, initial_tv, initial_kl, early_stopping_w2 and its bound
/// (theory.md section 5 with X_0 + sigma_K Z for X_1); relative_variance_error per eigenvalue.
/// Fills everything of the result but `request`. Cost: a product a coefficient and eigenvalue, and
/// the distances. Throws EngineRefusal for an output without variance, NumericalFailure when the
/// digits are not reached.
LawResult scheme_gaussian_law(const Scheme& scheme, const GaussianLaw& target,
                              const LawRequest& request, const LawOptions& options);

}  // namespace lemmabench
