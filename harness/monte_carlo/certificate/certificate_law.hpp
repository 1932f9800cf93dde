#pragma once

#include "theory/process/output_law.hpp"

namespace lemmabench {

/// What the path certificate to the relative error R of request.arithmetic knows of a law, in any
/// dimension, as a LawResult: tv, kl_pq and hellinger are intervals
/// from 0 to their bounds (the certificate bounds from above only), kl_qp is unknown. Terms:
/// "tv_bound" and "kl_bound" (the bounds themselves with their confidence intervals), "path_kl",
/// "initial_kl". With --start exact initial_kl is 0. Confidence level 0.99, seed 1.
///
/// Throws InputError for an estimated score, and what certify_path throws.
LawResult certificate_law(const LawRequest& request, const LawOptions& options);

}  // namespace lemmabench
