#include <doctest/doctest.h>

#include <algorithm>
#include <boost/math/distributions/binomial.hpp>
#include <boost/math/distributions/fisher_f.hpp>
#include <boost/math/distributions/hypergeometric.hpp>
#include <boost/math/distributions/non_central_chi_squared.hpp>
#include <cmath>
#include <random>
#include <vector>

#include "harness/monte_carlo/goodness_of_fit/classifier_test.hpp"
#include "harness/monte_carlo/goodness_of_fit/goodness_of_fit.hpp"
#include "harness/monte_carlo/goodness_of_fit/kolmogorov.hpp"
#include "harness/monte_carlo/goodness_of_fit/moment_tests.hpp"
#include "harness/monte_carlo/goodness_of_fit/pair_tests.hpp"
#include "harness/monte_carlo/goodness_of_fit/radius_law.hpp"
#include "harness/monte_carlo/goodness_of_fit/shuffle.hpp"
#include "numerics/log_gamma.hpp"

namespace lemmabench {
namespace {

PointTable normals(std::size_t rows, std::size_t columns, unsigned seed) {
  std::mt19937_64 engine(seed);
  std::normal_distribution<double> normal;
  PointTable out{rows, columns, std::vector<double>(rows * columns)};
  for (double& value : out.values) {
    value = normal(engine);
  }
  return out;
}

double distance(const double* x, const double* y, std::size_t d) {
  double sum = 0;
  for (std::size_t i = 0; i < d; ++i) sum += (x[i] - y[i]) * (x[i] - y[i]);
  return std::sqrt(sum);
}

/// Both statistics by the double sums of their definitions; `first` marks the rows of the pool that
/// are the first sample.
struct Direct {
  double energy = 0;
  double mmd = 0;
};
Direct direct(const PointTable& pool, const std::vector<bool>& first, double bandwidth) {
  Direct out;
  const double n = static_cast<double>(pool.rows) / 2;
  for (std::size_t i = 0; i < pool.rows; ++i) {
    for (std::size_t j = 0; j < pool.rows; ++j) {
      const double r =
          distance(&pool.values[i * pool.columns], &pool.values[j * pool.columns], pool.columns);
      const double kernel = std::exp(-r * r / (2 * bandwidth * bandwidth));
      const bool same = first[i] == first[j];
      // An ordered pair (i, j) in different samples stands twice in the sum over all.
      out.energy += (same ? -1 : 1) * r / (n * n);
      if (i != j) out.mmd += same ? kernel / (n * (n - 1)) : -kernel / (n * n);
    }
  }
  return out;
}

TEST_CASE("pair tests: statistic and every permutation are the double sums") {
  const PointTable a = normals(7, 3, 1);
  const PointTable b = normals(7, 3, 2);
  PointTable pool = a;
  pool.rows = 14;
  pool.values.insert(pool.values.end(), b.values.begin(), b.values.end());
  const PairTests tests = pair_tests(a, b, 1.3, 20, 5, 1);
  REQUIRE(tests.energy.null.size() == 20);
  for (std::size_t which = 0; which <= 20; ++which) {
    std::vector<bool> first(14);
    if (which == 0) {
      std::fill_n(first.begin(), 7, true);
    } else {
      for (const std::size_t i : random_subset(14, 7, 5, JudgeDraw::pairs, which)) first[i] = true;
    }
    const Direct wanted = direct(pool, first, 1.3);
    const double energy = which == 0 ? tests.energy.statistic : tests.energy.null[which - 1];
    const double mmd = which == 0 ? tests.mmd.statistic : tests.mmd.null[which - 1];
    CHECK(std::fabs(energy - wanted.energy) < 1e-14);  // 1e-15 observed
    CHECK(std::fabs(mmd - wanted.mmd) < 1e-14);
  }
}

TEST_CASE("pair tests: point masses at 0 and 1") {
  const PointTable zeros{10, 1, std::vector<double>(10, 0.0)};
  const PointTable ones{10, 1, std::vector<double>(10, 1.0)};
  const PairTests tests = pair_tests(zeros, ones, 1, 15, 1, 1);
  CHECK(tests.energy.statistic == 2);
  CHECK(tests.energy_spread == 0);
  CHECK(tests.mmd_spread == 0);
  CHECK(std::fabs(tests.mmd.statistic - (2 - 2 * std::exp(-0.5))) < 1e-14);  // 3e-15 observed
}

TEST_CASE("pair tests: same bytes on two threads, and the median of pairs") {
  const PointTable a = normals(100, 2, 3);
  const PointTable b = normals(100, 2, 4);
  const PairTests one = pair_tests(a, b, 1, 99, 5, 1);
  const PairTests two = pair_tests(a, b, 1, 99, 5, 2);
  CHECK(one.energy.null == two.energy.null);
  CHECK(one.mmd.null == two.mmd.null);
  CHECK(median_distance({4, 1, {0, 1, 3, 7}}) == 4);  // 1 2 3 4 6 7
}

TEST_CASE("random subsets: each element equally often") {
  std::vector<double> counts(10);
  for (std::uint64_t which = 0; which < 10000; ++which) {
    const auto subset = random_subset(10, 3, 1, JudgeDraw::pairs, which);
    REQUIRE(subset.size() == 3);
    for (const std::size_t i : subset) counts[i] += 1;
  }
  // 3000 each, standard deviation 46; the largest of ten is 4.5 of them off once in 15000 seeds
  for (const double count : counts) CHECK(std::fabs(count - 3000) < 206);
}

TEST_CASE("permutation p-values and thresholds") {
  Permuted permuted;
  for (int i = 1; i <= 99; ++i) permuted.null.push_back(i);
  permuted.statistic = 99;
  CHECK(permuted.p() == 0.02);
  permuted.statistic = 100;
  CHECK(permuted.p() == 0.01);
  // Above the threshold p is at most what was asked for; at it, it is more.
  for (const double p : {0.01, 0.02, 0.1, 0.5}) {
    permuted.statistic = permuted.threshold(p) + 0.5;
    CHECK(permuted.p() <= p);
    permuted.statistic = permuted.threshold(p);
    CHECK(permuted.p() > p);
  }
  // Without spread: threshold - mean + 0.8416 sd, sd^2 = 99 100/12.
  const double floor = permuted.threshold(0.1) - 50 + 0.8416212 * std::sqrt(99 * 100 / 12.0);
  CHECK(std::fabs(detectable_distance(permuted, 0, 10, 0.1) - floor) < 1e-5);
  // With it: M - 0.8416 sqrt(variance + 8 spread M/n) = gap.
  const double m = detectable_distance(permuted, 3, 10, 0.1);
  CHECK(std::fabs(m - 0.8416212 * std::sqrt(99 * 100 / 12.0 + 2.4 * m) -
                  (permuted.threshold(0.1) - 50)) < 1e-4);
}

TEST_CASE("Kolmogorov's distance by hand") {
  const auto uniform = [](double x) { return std::clamp(x, 0.0, 1.0); };
  CHECK(std::fabs(kolmogorov_distance({0.9, 0.1, 0.2}, uniform) - (2.0 / 3 - 0.2)) < 1e-15);
  CHECK(std::fabs(kolmogorov_distance({0.8}, uniform) - 0.8) < 1e-15);
  // scipy.stats.ks_2samp([1, 2, 3, 4], [2.5, 3.5, 4.5, 5.5]).statistic = 0.5
  CHECK(kolmogorov_distance({4, 3, 2, 1}, std::vector<double>{2.5, 3.5, 4.5, 5.5}) == 0.5);
  // ties: ks_2samp([1, 1, 2], [1, 2, 2]).statistic = 1/3
  CHECK(std::fabs(kolmogorov_distance({1, 1, 2}, std::vector<double>{1, 2, 2}) - 1.0 / 3) < 1e-15);
}

/// P(D_{n,n} >= k/n) = 2 sum_j (-1)^{j+1} C(2n, n+jk)/C(2n, n) (Gnedenko & Korolyuk 1951).
double exact_two_sample(int n, int k) {
  double sum = 0;
  for (int j = 1; j * k <= n; ++j) {
    const double ratio = 2 * log_gamma(n + 1) - log_gamma(n + j * k + 1) - log_gamma(n - j * k + 1);
    sum += (j % 2 == 1 ? 2 : -2) * std::exp(ratio);
  }
  return sum;
}

// The level of the test rests on this bound; Wei and Dudley's theorem is checked at these n.
TEST_CASE("the two-sample bound is above the exact tail, and close to it") {
  for (const int n : {100, 150, 457, 458, 1000, 5000}) {
    for (int k = 1; k <= n; k += 1 + n / 1000) {
      const double bound = two_sample_p(static_cast<double>(k) / n, static_cast<std::size_t>(n));
      CHECK(bound >= exact_two_sample(n, k) * (1 - 1e-9));
    }
  }
  const int k = 87;  // n = 1000: the exact tail is 0.001
  CHECK(two_sample_p(0.087, 1000) < 1.06 * exact_two_sample(1000, k));
  CHECK(two_sample_p(0.08, 1000) > two_sample_p(0.087, 1000));
}

TEST_CASE("the one-sample bound in the tail is Kolmogorov's law") {
  // Kolmogorov's distribution: P(sqrt(n) D > 1.6276) = 0.0100, P(> 1.9495) = 0.0010
  CHECK(std::fabs(one_sample_p(1.6276 / 100, 10000) - 0.01) < 2e-6);
  CHECK(std::fabs(one_sample_p(1.9495 / 100, 10000) - 0.001) < 1e-6);
  for (const std::size_t n : {100U, 1000U}) {
    for (const double p : {0.05, 0.001}) {
      CHECK(std::fabs(one_sample_p(one_sample_threshold(p, n), n) / p - 1) < 1e-12);
      CHECK(std::fabs(two_sample_p(two_sample_threshold(p, n), n) / p - 1) < 1e-12);
    }
  }
}

TEST_CASE("Fisher's tail: by hand, and against Boost") {
  // (C(4,3) C(6,2) + C(4,4) C(6,1))/C(10,5)
  CHECK(std::fabs(hypergeometric_tail(3, 5, 4, 10) - 66.0 / 252) < 1e-14);
  CHECK(hypergeometric_tail(0, 5, 4, 10) == 1);
  CHECK(hypergeometric_tail(5, 5, 4, 10) == 0);
  const boost::math::hypergeometric_distribution<> law(300, 500, 2500);  // marked, drawn, total
  for (const unsigned k : {1U, 30U, 50U, 60U, 61U, 70U, 90U}) {
    const double wanted = boost::math::cdf(boost::math::complement(law, k - 1));
    CHECK(std::fabs(hypergeometric_tail(k, 500, 300, 2500) / wanted - 1) < 1e-10);
  }
}

TEST_CASE("Clopper and Pearson's ends have the binomial tails they are defined by") {
  for (const std::size_t hits : {1U, 7U, 50U, 99U}) {
    const double low = proportion_at_least(hits, 100, 0.01);
    const double high = proportion_at_most(hits, 100, 0.01);
    const boost::math::binomial at_low(100, low);
    const boost::math::binomial at_high(100, high);
    const auto k = static_cast<double>(hits);
    CHECK(std::fabs(boost::math::cdf(boost::math::complement(at_low, k - 1)) - 0.01) < 1e-10);
    CHECK(std::fabs(boost::math::cdf(at_high, k) - 0.01) < 1e-10);
  }
  CHECK(proportion_at_least(0, 100, 0.01) == 0);
  CHECK(proportion_at_most(100, 100, 0.01) == 1);
  CHECK(std::fabs(proportion_at_most(0, 100, 0.01) - (1 - std::pow(0.01, 0.01))) < 1e-14);
}

// Student's radius: |X|^2/d has Fisher's law with d and nu degrees of freedom. A sphere with noise:
// |X|^2/noise is a non-central chi-square. 2e-8 observed.
TEST_CASE("radius laws: quadrature against closed forms") {
  const auto student = *radius_law(make_target("student-t:dim=10,nu=3", "test"), {1, 0});
  const boost::math::fisher_f fisher(10, 3);
  const auto sphere = *radius_law(make_target("shell:dim=6,radius=1", "test"), {0.9, 0.1});
  const boost::math::non_central_chi_squared chi(6, 6 * 0.9 / 0.1);
  const auto gaussian = *radius_law(make_target("gaussian:dim=6,variance=1", "test"), {0.9, 0.1});
  const auto scales =
      *radius_law(make_target("two-scale:dim=6,weight=1/2,variances=1/1", "test"), {0.9, 0.1});
  for (double r = 0.05; r < 60; r *= 1.3) {
    CHECK(std::fabs(student(r) - boost::math::cdf(fisher, r * r / 10)) < 1e-7);
    CHECK(std::fabs(sphere(r) - boost::math::cdf(chi, r * r / 0.1)) < 1e-7);
    CHECK(std::fabs(scales(r) - gaussian(r)) < 1e-7);
  }
  const auto line = *radius_law(make_target("mixture-three", "test"), {1, 0});
  CHECK(std::fabs(line(1e3) - 1) < 1e-15);
  CHECK(line(0) == 0);
  CHECK(!radius_law(make_target("shell:dim=6,radius=1", "test"), {1, 0}));
  CHECK(!radius_law(make_target("gaussian:spectrum=1x1+4x1", "test"), {1, 0}));
}

// With n permutations p is k/(n+1), and a level alpha/7 is one of them up to rounding.
TEST_CASE("a test rejects at its level in the same way wherever it is asked") {
  Permuted permuted;
  for (int i = 1; i <= 1399; ++i) permuted.null.push_back(i);
  for (const double alpha : {0.01, 0.05, 0.1, 0.2}) {
    for (int statistic = 900; statistic <= 1400; ++statistic) {
      permuted.statistic = statistic;
      const bool rejects = permuted.rejects(alpha / 7);
      CHECK(rejects == (permuted.statistic > permuted.threshold(alpha / 7)));
      CHECK(rejects == (1401 - statistic <= std::lround(200 * alpha)));  // 1400 alpha/7
    }
  }
}

// Shifts near the threshold, both sides of it: the interval is that of the test.
TEST_CASE("moments: an interval is without 0 if and only if its test rejects") {
  MomentSetting setting;
  setting.permutations = 199;
  setting.miss = 0.05;
  int rejections = 0;
  for (unsigned seed = 0; seed < 100; ++seed) {
    PointTable a = normals(100, 2, 100 + seed);
    for (double& x : a.values) x = 1.1 * x + 0.2;
    const MomentTests tests = moment_tests(a, normals(400, 2, 300 + seed), setting);
    for (const MomentTest* test : {&tests.mean, &tests.covariance}) {
      const Quantity& gap = test->worst.difference;
      CHECK((std::fabs(gap.value()) > gap.error()) == (test->max_z.p() <= 0.05));
      CHECK(std::fabs(std::fabs(test->worst.z) - test->max_z.statistic) <
            1e-9 * test->max_z.statistic);
      rejections += test->max_z.p() <= 0.05 ? 1 : 0;
    }
  }
  MESSAGE("rejected " << rejections << " of 200");
  CHECK(rejections > 40);
  CHECK(rejections < 160);
}

// Coverage of the interval for the mean: 300 samples of N(0.5, 1) against N(0, 1), one coordinate.
TEST_CASE("moments: the interval holds the difference as often as it says") {
  MomentSetting setting;
  setting.permutations = 199;
  setting.miss = 0.1;
  int missed = 0;
  constexpr int kTrials = 300;
  for (unsigned seed = 0; seed < kTrials; ++seed) {
    PointTable a = normals(100, 1, 1000 + seed);
    for (double& x : a.values) x += 0.5;
    const MomentTests tests = moment_tests(a, normals(400, 1, 2000 + seed), setting);
    const Quantity& gap = tests.mean.worst.difference;
    missed += std::fabs(gap.value() - 0.5) > gap.error() ? 1 : 0;
  }
  MESSAGE("missed " << missed << " of " << kTrials);
  // Four binomial standard deviations about 30.
  CHECK(missed <= 30 + 4 * std::sqrt(27.0));
  CHECK(missed >= 30 - 4 * std::sqrt(27.0));
}

TEST_CASE("moments: the difference is that of the means, the test that of block means") {
  PointTable a = normals(200, 3, 5);
  const PointTable b = normals(800, 3, 6);
  for (std::size_t r = 0; r < a.rows; ++r) a.values[3 * r + 1] += 1;
  MomentSetting setting;
  setting.permutations = 199;
  setting.miss = 0.01;
  const MomentTests tests = moment_tests(a, b, setting);
  double gap = 0;
  for (std::size_t r = 0; r < a.rows; ++r) gap += a.values[3 * r + 1] / 200;
  for (std::size_t r = 0; r < b.rows; ++r) gap -= b.values[3 * r + 1] / 800;
  CHECK(tests.used == 200);
  CHECK(tests.mean.worst.of == "x_2");
  CHECK(tests.mean.moments == 3);
  CHECK(tests.covariance.moments == 6);
  CHECK(std::fabs(tests.mean.worst.difference.value() - gap) < 1e-14);
  CHECK(tests.mean.max_z.p() == 0.005);
  // 1/sqrt(1/200 + 1/800) = 12.6 by the spread within the two, and less by that of their pool:
  // 12.6/sqrt(1 + 12.6^2/249) = 9.9
  CHECK(std::fabs(tests.mean.worst.z - 12.6) < 4);
  // The second largest |z| of 199 divisions, about 3.1, times a standard error of 0.079: 0.25
  CHECK(tests.mean.worst.difference.error() > 0.15);
  CHECK(tests.mean.worst.difference.error() < 0.4);
}

TEST_CASE("moments: a correlation is seen, in many dimensions too") {
  for (const std::size_t d : {3U, 40U}) {
    PointTable a = normals(2000, d, 7);
    const PointTable b = normals(2000, d, 8);
    for (std::size_t r = 0; r < a.rows; ++r) {
      double* x = &a.values[r * d];
      if (d == 3) {
        x[2] = 0.8 * x[0] + 0.6 * x[2];
      } else {
        x[17] *= 1.3;
      }
    }
    MomentSetting setting;
    setting.permutations = 199;
    const MomentTests tests = moment_tests(a, b, setting);
    CHECK(tests.covariance.max_z.p() == 0.005);
    CHECK(tests.covariance.worst.of == (d == 3 ? "x_1 x_3" : "x_18^2"));
    CHECK(tests.covariance.moments == (d == 3 ? 6 : 56));
  }
}

}  // namespace
}  // namespace lemmabench
