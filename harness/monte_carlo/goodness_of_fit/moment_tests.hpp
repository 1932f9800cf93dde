#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "cases/points/point_file.hpp"
#include "harness/monte_carlo/goodness_of_fit/pair_tests.hpp"
#include "numerics/evidence.hpp"

namespace lemmabench {

/// How far apart the moment that differs most is.
struct MomentGap {
  std::string of;  ///< "x_3", "x_1 x_2", "(u.x)^2"
  /// Sample less law, sampled: the differences that the test does not reject, simultaneous over all
  /// its moments. Without 0 if and only if the test rejects.
  Quantity difference;
  double z = 0;  ///< the difference in standard errors of the pooled blocks, what the test is of
  /// The smallest difference seen with probability 0.8, and what it is relative to: the law's
  /// standard deviation of the coordinate (mean) or its variance (covariance), the largest of all
  /// coordinates.
  double detectable = 0;
};

/// One family of moments held against those of a reference sample.
struct MomentTest {
  Permuted max_z;  ///< the largest |z| of all moments
  MomentGap worst;
  std::size_t moments = 0;
};

struct MomentTests {
  MomentTest mean;        ///< of every coordinate
  MomentTest covariance;  ///< about the pooled mean
  std::size_t used = 0;   ///< rows of the sample: those that fill blocks of equal size
  std::size_t used_of_reference = 0;
};

/// What is asked of the moment tests.
struct MomentSetting {
  std::size_t permutations = 999;
  double miss = 0.001;  ///< the p at which a test rejects, 1 less the confidence of differences
  std::uint64_t seed = 1;
  int threads = 1;
};

/// Tests the means of all coordinates and the covariances: of all pairs of coordinates for d <= 24,
/// else the variances of all coordinates and along 16 random directions.
///
/// The rows of each sample go into blocks of equal size, 50 for the smaller sample and up to 200
/// for the larger. Blocks from one law are exchangeable, so that dividing them at random gives the
/// law of the largest |z| exactly, with heavy tails too. Memory: the sample. Both must have 50
/// rows. Same bytes on any number of threads.
MomentTests moment_tests(const PointTable& samples, const PointTable& reference,
                         const MomentSetting& setting);

}  // namespace lemmabench
