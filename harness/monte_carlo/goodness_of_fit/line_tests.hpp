#pragma once

#include <cstddef>
#include <cstdint>

#include "cases/points/point_file.hpp"
#include "harness/monte_carlo/goodness_of_fit/reference_law.hpp"

namespace lemmabench {

struct LineSetting {
  double miss = 0.001;  ///< the p at which the test rejects, 1 less the confidence of the bound
  double power = 0.8;
  std::uint64_t seed = 1;
  int threads = 1;
};

/// Kolmogorov and Smirnov's test along one or more functions of the points.
struct LineTest {
  double distance = 0;   ///< the largest over the functions
  double p = 1;          ///< Bonferroni over the functions
  double variation = 0;  ///< TV is at least this, with confidence 1 - miss; 0 if p > miss
  double floor = 0;      ///< a gap of distribution functions seen with probability `power`
  std::size_t directions = 1;
  bool exact = false;  ///< against exact distribution functions
  /// Rows of the samples that the p-value is of: all, or as many as there are of the reference.
  std::size_t rows = 0;
};

/// Of |x|. Where the law knows the distribution function, to an error e, the test is of one sample:
/// sup|F_n - F| - e is at most what it is with the true F, and TV >= sup|F_n - F| - e - band_n.
/// Else it is of two: of the first k rows of each, k the smaller number of rows, for the p-value
/// and of all for the bound, TV >= sup|F_n - G_m| - band_n - band_m, both bands by
/// Dvoretzky-Kiefer-Wolfowitz at half the miss each.
LineTest radius_test(const ReferenceLaw& law, const PointTable& samples,
                     const PointTable& reference, const LineSetting& setting);

/// The same of u.x along the coordinate axes (d <= 32) and, for d > 1, 32 random directions.
LineTest projection_test(const ReferenceLaw& law, const PointTable& samples,
                         const PointTable& reference, const LineSetting& setting);

}  // namespace lemmabench
