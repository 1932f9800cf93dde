#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <vector>

#include "cases/points/point_file.hpp"

namespace lemmabench {

/// A statistic of two samples and the values it takes when the pooled points are divided among them
/// at random, which is its law if both come from one law (whatever that is).
struct Permuted {
  double statistic = 0;
  std::vector<double> null;

  /// (1 + #{null >= statistic})/(1 + #null): P(p <= a) <= a at every a and every sample size if
  /// both samples come from one law (Phipson & Smyth 2010).
  double p() const;
  /// p() <= level, up to rounding of the level.
  bool rejects(double level) const;
  /// The value above which p() is at most `p`; the largest of null if there are too few.
  double threshold(double p) const;
};

/// The energy distance of a and b, n points each, as V-statistic:
///   2 mean|a_i - b_j| - mean|a_i - a_j| - mean|b_i - b_j| >= 0   (Szekely & Rizzo 2013),
/// and the unbiased estimate of MMD^2 with the kernel k(x, y) = exp(-|x-y|^2/(2 bandwidth^2)):
///   mean_{i!=j} k(a_i, a_j) + mean_{i!=j} k(b_i, b_j) - 2 mean k(a_i, b_j)
/// (Gretton et al., JMLR 13 (2012) 723, eq. (3)), each with `permutations` divisions of the pool,
/// the same for both. The bandwidth must not depend on the points.
/// Memory 16 (2n)^2/2 bytes; time about n^2 (2 permutations/8 + d) operations. Same bytes on any
/// number of threads.
struct PairTests {
  Permuted energy;
  Permuted mmd;
  /// Of the draws b: E|phi(x) - E phi|^2 in the space of each kernel, that is the mean of
  /// |b_i - b_j| and 1 less that of k(b_i, b_j), i != j.
  double energy_spread = 0;
  double mmd_spread = 0;
};
PairTests pair_tests(const PointTable& a, const PointTable& b, double bandwidth,
                     std::size_t permutations, std::uint64_t seed, int threads);

/// The least squared distance M of two laws (energy distance or MMD^2, as unbiased statistics
/// estimate it) at which a test that rejects at `p` does so with probability 0.8. The statistic's
/// variance is at most that of null and 4 M spread (1/n + 1/n): its linear part is the witness
/// function w, and Var w <= |w|^2 E|phi - E phi|^2, |w|^2 = M. Normal approximation.
double detectable_distance(const Permuted& test, double spread, std::size_t n, double p);

/// The median of |x_i - x_j| over i < j: the usual bandwidth. O(rows^2).
double median_distance(const PointTable& points);

}  // namespace lemmabench
