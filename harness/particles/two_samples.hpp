#pragma once

#include <optional>
#include <string>
#include <vector>

#include "harness/particles/particle_run.hpp"
#include "numerics/evidence.hpp"

namespace lemmabench {

/// A sample with the logarithm of one and the same density at its points.
struct WeighedSample {
  const PointRows& rows;
  const std::vector<double>& log_density;
};

/// sup_c |F(c) - G(c)|, F and G the distribution functions of log p(Y) and log p(X), by their
/// empirical ones. At most TV(law of Y, law of X), since it looks at the points through one
/// function of them; near it where q/p is close to a function of p, as for a variance that is off
/// in many directions.
///
/// The interval holds for any number of samples: by Dvoretzky, Kiefer and Wolfowitz with Massart's
/// constant (Ann. Prob. 1990) each empirical function is within sqrt(log(2/a)/(2n)) of the true one
/// with probability 1-a, a = (1-level)/2 for each.
Quantity likelihood_gap(const std::vector<double>& y, const std::vector<double>& x, double level);

/// A lower bound of TV from an event, P(Y in A) - P(X in A) <= TV.
struct EventBound {
  double bound = 0;       ///< TV is at least this with probability `level`; 0: nothing was seen
  double in_y = 0;        ///< P(Y in A) as counted
  double in_x = 0;        ///< P(X in A) as counted
  double detectable = 0;  ///< a difference that would have been seen with probability 1/2, at most
  std::string event;      ///< in words
};

/// Chooses the event on the first halves of the samples among half-lines of log p, |y|^2, y_i and
/// y_i^2 (the first 32 coordinates), and counts it on the second halves, which it does not depend
/// on: Clopper and Pearson's bounds of the two probabilities, at (1-level)/2 each, hold for any
/// number of samples. In high dimension no bound from above follows from samples.
EventBound event_bound(const WeighedSample& y, const WeighedSample& x, double level, int threads);

/// How far moments are apart, the largest over all coordinates.
struct MomentGaps {
  Quantity mean;    ///< max_i |E Y_i - E X_i|
  Quantity square;  ///< max_i |E Y_i^2 - E X_i^2|
};

/// With normal intervals simultaneous over the coordinates (Bonferroni), since
/// |max |a_i| - max |b_i|| <= max |a_i - b_i|. Asymptotic in the samples; needs fourth moments.
MomentGaps moment_gaps(const PointRows& y, const PointRows& x, double level);

}  // namespace lemmabench
