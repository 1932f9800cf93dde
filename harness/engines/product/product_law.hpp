#pragma once

#include "cases/sampler.hpp"
#include "cases/score_estimate.hpp"
#include "harness/engines/product/product_parts.hpp"
#include "theory/process/output_law.hpp"
#include "theory/targets/product_law.hpp"

namespace lemmabench {

/// The product law of theory.md section 4. With the exact score a sampler without clip and
/// intermediate noise acts on every coordinate alone, so Y_1 has independent coordinates: each
/// mixture factor by the line law, the Gaussian part by the Gaussian law, and their combination by
/// harness/engines/product/product_numbers.hpp. One line coordinate alone is given to the line law.
///
/// In double, every number twice: lines at two resolutions, the Gaussian part in double and with 40
/// digits. The error is twice the difference, plus that of the combination, plus the factors' mass
/// defects and eps a step times their copies. Where the inversion that gives TV is less certain
/// than H^2 <= TV <= H sqrt(2-H^2), tv is the middle of that bracket and a note says so.
///
/// Terms: initialisation, discretisation, score (0), initial_tv, initial_kl, eps_score (0),
/// early_stopping_w2_bound, mass_defect. Cost: a line law for each factor, some 50 ms for the
/// combination from 10 coordinates on and seconds for two; independent of copies.
///
/// Fills everything of the result but `request`. Throws InputError (more than 15 digits) and
/// EngineRefusal: an estimated score, clip or noise inside a kernel, local errors.
LawResult compute_product_law(const ProductParts& target, const Sampler& sampler,
                              const ScoreEstimate& score, const LawRequest& request,
                              const LawOptions& options);

}  // namespace lemmabench
