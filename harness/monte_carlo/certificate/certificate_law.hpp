#pragma once

#include <string_view>

#include "theory/process/output_law.hpp"

namespace lemmabench {

/// True for "certificate:R", the arithmetic under which a law is not computed but bounded by the
/// path certificate to the relative error R, in any dimension.
bool is_certificate(std::string_view arithmetic);

/// What the path certificate knows of a law, as a LawResult: tv, kl_pq and hellinger are intervals
/// from 0 to their bounds (the certificate bounds from above only), kl_qp is unknown. Terms:
/// "tv_bound" and "kl_bound" (the bounds themselves with their confidence intervals), "path_kl",
/// "initial_kl". With --start exact initial_kl is 0. Confidence level 0.99, seed 1.
///
/// Throws InputError for R not in (0, 0.5] or an estimated score, and what certify_path throws.
LawResult certificate_law(const LawRequest& request, const LawOptions& options);

/// `text` if it is a LawRequest::arithmetic: ball, mp, double or certificate:R. InputError starting
/// with `origin` otherwise.
std::string checked_arithmetic(const std::string& text, const std::string& origin);

}  // namespace lemmabench
