#pragma once

#include <vector>

#include "cases/points/point_file.hpp"
#include "numerics/evidence.hpp"

namespace lemmabench {

/// sup_c |F(c) - G(c)|, F and G the distribution functions of log p(Y) and log p(X), by their
/// empirical ones. At most TV(law of Y, law of X), since it looks at the points through one
/// function of them; near it where q/p is close to a function of p, as for a variance that is off
/// in many directions.
///
/// The interval holds for any number of samples: by Dvoretzky, Kiefer and Wolfowitz with Massart's
/// constant (Ann. Prob. 1990) each empirical function is within sqrt(log(2/a)/(2n)) of the true one
/// with probability 1-a, a = (1-level)/2 for each.
Quantity likelihood_gap(const std::vector<double>& y, const std::vector<double>& x, double level);

/// How far moments are apart, the largest over all coordinates.
struct MomentGaps {
  Quantity mean;    ///< max_i |E Y_i - E X_i|
  Quantity square;  ///< max_i |E Y_i^2 - E X_i^2|
};

/// With normal intervals simultaneous over the coordinates (Bonferroni), since
/// |max |a_i| - max |b_i|| <= max |a_i - b_i|. Asymptotic in the samples; needs fourth moments.
MomentGaps moment_gaps(const PointTable& y, const PointTable& x, double level);

}  // namespace lemmabench
