#pragma once

#include <cstddef>
#include <vector>

namespace lemmabench {

/// sum_j w_j N(m_j, sd^2), a law on the line that a quadrature rule has left of a Gaussian kernel:
/// thousands of Gaussians of one width. Immutable.
///
/// Gaussians further than kReach deviations away count as 0 or as their whole weight, so that a
/// point costs the Gaussians near it: O(log n + those within 2 kReach sd). What is left out of a
/// density is below 1e-17/sd of the weights, of a distribution function below 1e-18 of them.
class GaussianSum {
 public:
  static constexpr double kReach = 8.9;

  /// Finite means and weights >= 0, equally many and at least one; sd > 0. Else InputError.
  GaussianSum(const std::vector<double>& means, const std::vector<double>& weights, double sd);

  /// The sum of the weights.
  double mass() const { return before_.back(); }
  double sd() const { return sd_; }
  double lowest() const { return means_.front(); }
  double highest() const { return means_.back(); }

  double density(double x) const;
  /// The mass at or below x.
  double cdf(double x) const;

 private:
  struct Window {
    std::size_t first;
    std::size_t last;
  };
  Window window(double x) const;

  double sd_;
  std::vector<double> means_;  ///< ascending
  std::vector<double> weights_;
  std::vector<double> before_;  ///< weights of the first k Gaussians, k = 0..n
};

}  // namespace lemmabench
