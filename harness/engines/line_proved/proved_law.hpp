#pragma once

#include "cases/sampler.hpp"
#include "cases/score_estimate.hpp"
#include "theory/process/output_law.hpp"
#include "theory/targets/product_law.hpp"

namespace lemmabench {

/// The line law with a certificate: for a mixture on the line, the exact score and a sampler with
/// one noise at the end of every step, or without noise (compute_proved_map_law), enclosures of
/// TV(p_{X_1}, q_{Y_1}) and of its parts that are proved, truncation, quadrature and rounding
/// included. The argument is docs/proved.md. With noise:
///
/// The law of Y_t is a finite Gaussian mixture with exact double weights and means plus something
/// of small L1 norm: a step turns the integral against its kernel into the midpoint rule, whose
/// error is bounded in L1(dy) over a contour in the complex plane, and kernels contract L1. At the
/// end the sign of p - q is decided panel by panel.
///
/// request.arithmetic.width() is the length the enclosure of the total variation may have, from
/// 2e-12 T to 1e-3.
/// The Hellinger distance is as close as the defects of that make it, and unknown where the last
/// steps are bounded (P19). Parts: initialisation, discretisation, initial_tv,
/// early_stopping_w2_bound. KL is unknown. Fills everything of the result but `request`.
///
/// With options.certificate the text of a LineCertificate is put there; without noise there is
/// none.
///
/// Throws InputError for a width out of range and EngineRefusal (one line, before the work starts)
/// for a sampler, score or schedule it does not take and for what would take longer than
/// kMostProvedSeconds. Cost: 3 us a node, component and score call; 1.5 nodes for every deviation
/// of noise in the range of the law. Three components, two score calls, T = 200: a few seconds.
LawResult compute_proved_line_law(const CoordinateLaw& target, const Sampler& sampler,
                                  const ScoreEstimate& score, const LawRequest& request,
                                  const LawOptions& options);

}  // namespace lemmabench
