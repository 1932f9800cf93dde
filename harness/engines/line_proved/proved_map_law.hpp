#pragma once

#include "cases/sampler.hpp"
#include "theory/process/output_law.hpp"
#include "theory/targets/product_law.hpp"

namespace lemmabench {

/// The proved line law of a deterministic sampler: TV(p_{X_1}, q_{Y_1}) and its parts, enclosed,
/// for the exact score of the finite mixture `law` (docs/proved.md, P15 to P17). Y_1 is Psi(Y_T),
/// Psi the composition of all steps; on charts of the start Psi is a Taylor polynomial with a bound
/// of the remainder, which says where p(Psi) Psi' - q has which sign; there |p - q| is integrated
/// by distribution functions at enclosures of Psi.
///
/// Parts: initialisation, discretisation, initial_tv, early_stopping_w2_bound. KL is
/// unknown. Fills everything of the result but `request`. Throws EngineRefusal, in one line, for a
/// clip, for a map that folds the line, and for what would take longer than kMostProvedSeconds.
/// Cost: a few hundred charts of 60 us a step, score call and three components.
LawResult compute_proved_map_law(const CoordinateLaw& law, const Sampler& sampler,
                                 const LawRequest& request, const LawOptions& options);

}  // namespace lemmabench
