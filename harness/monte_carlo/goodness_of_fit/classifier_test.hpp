#pragma once

#include <cstddef>
#include <vector>

#include "cases/points/point_file.hpp"

namespace lemmabench {

/// A sample and what a classifier may look at beside the coordinates.
struct Described {
  const PointTable& points;
  const std::vector<double>& log_density;  ///< under the law, a number a row; empty if unknown
};

/// How often an event came in the sample and in draws of the law, neither of which chose it.
struct EventCounts {
  std::size_t sample_hits = 0;
  std::size_t samples = 0;
  std::size_t law_hits = 0;
  std::size_t draws = 0;

  /// P(at least so many of all hits are in the sample) if both have one law: Fisher's exact test,
  /// one-sided, the direction having been chosen elsewhere.
  double p() const;
  /// A lower bound of P_sample(event) - P_law(event) <= TV with confidence 1 - miss: the ends of
  /// two intervals of Clopper & Pearson (Biometrika 26 (1934) 404) at miss/2 each; at least 0.
  double total_variation(double miss) const;
};

/// Chooses the event {w.f(x) > c} or {w.f(x) <= c} that separates the first half of the samples
/// from the first half of the draws best, w by Fisher's linear discriminant with shrinkage, and
/// counts it on the second halves. The features f are x_i, x_i^2 (d <= 16: all x_i x_j) and log
/// p_t; without their correlations when there are more than 400.
EventCounts chosen_event(const Described& samples, const Described& draws);

/// The gap of the probabilities of an event that Fisher's test at `p` sees with probability 0.8,
/// whatever the probabilities: normal approximation at the largest variance, 1/4.
double event_floor(std::size_t samples, std::size_t draws, double p);

/// P(X >= least) for X ~ Hypergeometric: `drawn` of `total` of which `marked` are marked. O(drawn)
/// terms by their ratios, away from the mean; the error of a tail is about 1e-15 total of it.
double hypergeometric_tail(std::size_t least, std::size_t drawn, std::size_t marked,
                           std::size_t total);
/// Clopper and Pearson's one-sided bounds of a probability at confidence 1 - miss.
double proportion_at_least(std::size_t hits, std::size_t trials, double miss);
double proportion_at_most(std::size_t hits, std::size_t trials, double miss);

}  // namespace lemmabench
