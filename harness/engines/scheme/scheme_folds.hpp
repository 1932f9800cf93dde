#pragma once

#include "harness/engines/scheme/scheme_flow.hpp"
#include "numerics/estimate.hpp"

namespace lemmabench {

/// TV between the law of m(x_T) and the truth, whether m folds or not, from distribution functions.
///
/// m is cut at its turning points into monotone branches. Between two neighbouring values at
/// turning points or ends the density q(y) = sum over branches of start(x_b)/|m'(x_b)| is smooth,
/// and
///   TV = (1/2) sum |change of H|,  H(y) = P(m(x_T) <= y) - truth.cdf(y),
/// over the stretches between the zeros of q - truth, which are bracketed at all images of the
/// panels' nodes and refined; H is flat there, so that a zero need not be known to the last digit.
/// Beside a turning point q has a pole like 1/sqrt(distance); stretches are gone through in an
/// angle, y = centre - half cos(angle), in which it is none.
///
/// Cost: a few evaluations of m a node and branch. Its error is that of the start's mass beyond the
/// domain, and rounding.
Estimate<double> fold_total_variation(const SchemeMap& map, const LineMixture<double>& start,
                                      const LineMixture<double>& truth, const FlowDomain& domain,
                                      const LineSettings& settings);

}  // namespace lemmabench
