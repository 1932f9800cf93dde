#pragma once

#include <cmath>

namespace lemmabench {

/// Number, mean and sum of squared deviations of samples, added one by one (Welford) or merged
/// (Chan, Golub & LeVeque 1979): no cancellation, and the same bytes whenever the same parts are
/// merged in the same order.
struct RunningMoments {
  double count = 0;
  double mean = 0;
  double squares = 0;

  void add(double x) {
    count += 1;
    const double gap = x - mean;
    mean += gap / count;
    squares += gap * (x - mean);
  }
  void add(const RunningMoments& other) {
    if (other.count == 0) {
      return;
    }
    const double total = count + other.count;
    const double gap = other.mean - mean;
    mean += gap * (other.count / total);
    squares += other.squares + gap * gap * (count * other.count / total);
    count = total;
  }
  /// The unbiased sample variance; 0 for fewer than two samples.
  double variance() const { return count > 1 ? squares / (count - 1) : 0; }
  /// The variance of the mean.
  double mean_variance() const { return count > 1 ? variance() / count : 0; }
};

}  // namespace lemmabench
