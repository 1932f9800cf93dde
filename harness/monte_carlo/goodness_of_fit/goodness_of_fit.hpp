#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "cases/points/point_file.hpp"
#include "harness/monte_carlo/goodness_of_fit/moment_tests.hpp"
#include "harness/monte_carlo/goodness_of_fit/reference_law.hpp"

namespace lemmabench {

/// How samples are tested, whatever they are held against.
struct FitSetting {
  double alpha = 0.01;  ///< the probability of rejecting samples of the law, 0.001 to 0.2
  std::uint64_t seed = 1;
  long pairs = 1000;  ///< rows that the tests of all pairs take at most, 100 to 10000
};

/// One test of "the samples are independent and of the law".
struct SampleTest {
  std::string name;
  double statistic = 0;
  double p = 1;           ///< P(p <= a) <= a under the hypothesis, at every n
  double adjusted_p = 1;  ///< p times the number of tests (Bonferroni), at most 1
  bool rejects = false;   ///< adjusted_p <= alpha
  std::size_t rows = 0;   ///< of the samples that it looked at
  /// Of the law that its p-value looked at; 0 where it knows the distribution function.
  std::size_t reference_rows = 0;
  std::string null;      ///< where the p-value comes from
  double floor = 0;      ///< the smallest deviation seen with probability 0.8
  std::string floor_of;  ///< what deviation that is
};

/// TV(law of the samples, law they were to have) >= value with the given confidence.
struct VariationBound {
  std::string by;
  double value = 0;
  double confidence = 0;
};

/// What samples say of the law they were to have. All of it is sampled.
struct FitResult {
  FitSetting setting;
  std::size_t rows = 0;
  std::size_t dim = 0;
  std::size_t reference_rows = 0;  ///< of the law, that the samples were held against
  std::string reference_is;        ///< what these rows are (ReferenceLaw::rows_are)
  double distribution_error = 0;   ///< ReferenceLaw::distribution_error
  double bandwidth = 0;            ///< of the kernel of MMD
  bool rejected = false;           ///< by any test
  std::vector<SampleTest> tests;
  std::vector<MomentGap> moments;      ///< the worst mean, the worst covariance
  std::vector<VariationBound> bounds;  ///< with the moments they hold together, 1 - alpha
  std::vector<std::string> notes;
};

/// The fewest rows that are judged.
inline constexpr std::size_t kLeastJudged = 100;

/// Throws InputError for a setting out of range, and for fewer than kLeastJudged rows of `what`.
void require_fit_setting(const FitSetting& setting);
void require_enough_rows(const PointTable& samples, const std::string& what);

/// Holds samples, one a row, against a law by seven tests: means, covariances, energy distance, MMD
/// (each with a permutation p-value), Kolmogorov and Smirnov's on the radius and on projections
/// (exact distribution functions where the law knows them, else two samples), and an event chosen
/// on one half and counted on the other, each at the level alpha/7: the probability that any of
/// them rejects samples of the law is at most alpha, at every n; no asymptotics enter a p-value. A
/// moment's interval is without 0 if and only if its test rejects, and a bound of total variation
/// is above 0 only if its test rejects: accepted samples have neither. The rows must be
/// independent. Same bytes on any number of threads.
///
/// Numbers beyond +-1e60 are taken as that. Throws as the two functions above, and what the law
/// throws.
FitResult goodness_of_fit(PointTable samples, const ReferenceLaw& law, const FitSetting& setting,
                          int threads);

}  // namespace lemmabench
