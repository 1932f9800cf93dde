#pragma once

#include "cases/schemes/scheme.hpp"
#include "theory/process/output_law.hpp"
#include "theory/targets/product_law.hpp"

namespace lemmabench {

/// Most significant digits of a scheme's law on the line: it is computed in double.
inline constexpr long kMaxSchemeLineDigits = 15;

/// The law of a scheme's output (q) on a mixture on the line, against the law of X_0 + sigma_K Z
/// (p), by what the scheme is found to be (cases/schemes/scheme_facts.hpp):
///   deterministic: one composed map of x_T (scheme_flow.hpp), with branches summed where it folds;
///     KL and Hellinger are then unknown;
///   one noise a step, after one or several calls: densities on panels (scheme_markov.hpp);
///   noise inside a step, or memory of one earlier state: the joint law of two states
///     (scheme_pairs.hpp).
/// Every number is computed twice, with other nodes, panels, tolerances and rounding of the
/// coefficients; its error is twice the difference, plus the mass defect, rounding, and what the
/// coefficients that were taken for rounding may do. TV to about 1e-13 as a rule.
///
/// Terms: initialisation (not of a map that folds), discretisation, initial_tv, initial_kl,
/// early_stopping_w2_bound, mass_defect. Fills everything of the result but `request`.
/// Throws InputError (digits) and EngineRefusal: deeper memory, calls that depend on two states,
/// a scheme that diverges, a law too rough to resolve.
LawResult scheme_line_law(const Scheme& scheme, const CoordinateLaw& target,
                          const LawRequest& request, const LawOptions& options);

}  // namespace lemmabench
