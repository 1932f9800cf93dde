#pragma once

#include "cases/schemes/scheme.hpp"
#include "cases/target.hpp"
#include "theory/process/output_law.hpp"

namespace lemmabench {

/// The law of a scheme's output against the law of X_0 + sigma_K Z, computed by the engine that
/// suits the target: proved on Gaussians (scheme_gaussian.hpp), by density or by the composed map
/// on mixtures on the line (scheme_line.hpp).
///
/// Of the request count start, digits and arithmetic; target, sampler, steps and schedule are for
/// whoever prints it. Fills everything of the result but `request`. Throws InputError and
/// EngineRefusal: a target of another kind, a score estimate, local errors, which are those of a
/// sampler's steps, and what the engine refuses.
LawResult compute_scheme_law(const Scheme& scheme, const Target& target, const LawRequest& request,
                             const LawOptions& options);

}  // namespace lemmabench
