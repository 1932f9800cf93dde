#include "harness/monte_carlo/goodness_of_fit/goodness_of_fit.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "harness/monte_carlo/goodness_of_fit/classifier_test.hpp"
#include "harness/monte_carlo/goodness_of_fit/kolmogorov.hpp"
#include "harness/monte_carlo/goodness_of_fit/level.hpp"
#include "harness/monte_carlo/goodness_of_fit/line_tests.hpp"
#include "harness/monte_carlo/goodness_of_fit/pair_tests.hpp"
#include "harness/monte_carlo/goodness_of_fit/shuffle.hpp"
#include "numerics/error.hpp"

namespace lemmabench {
namespace {

constexpr std::size_t kTests = 7;
constexpr double kPower = 0.8;
constexpr double kLargest = 1e60;
constexpr std::size_t kBandwidthRows = 256;
constexpr std::size_t kReferenceNumbers = std::size_t{1} << 25;
constexpr std::size_t kMostReferences = 4;

PointTable clamped(PointTable points) {
  for (double& value : points.values) {
    value = std::clamp(value, -kLargest, kLargest);
  }
  return points;
}

/// Everything the tests share.
struct Bench {
  const FitSetting& request;
  const ReferenceLaw& law;
  const PointTable& samples;
  PointTable reference;
  int threads;

  PointTable draw(std::size_t rows, JudgeDraw purpose) const {
    return clamped(law.draw(rows, purpose, request.seed, threads));
  }
  /// The level of every test, every moment's interval and every bound (Bonferroni).
  double level() const { return request.alpha / kTests; }
  /// Enough that the level is twice what one permutation in so many resolves.
  std::size_t permutations() const {
    const double least = 2 * kTests / request.alpha;
    return static_cast<std::size_t>(std::ceil(least / kLanes)) * kLanes - 1;
  }
};

PointTable rows_of(const PointTable& from, const std::vector<std::size_t>& rows) {
  PointTable out{rows.size(), from.columns, {}};
  for (const std::size_t row : rows) {
    const auto at = from.values.begin() + static_cast<std::ptrdiff_t>(row * from.columns);
    out.values.insert(out.values.end(), at, at + static_cast<std::ptrdiff_t>(from.columns));
  }
  return out;
}

/// Rows of both, chosen without regard to which is whose: a number made of them is the same for all
/// divisions of the pool, which a permutation test asks of its statistic.
PointTable pooled_rows(const PointTable& a, const PointTable& b, std::uint64_t seed) {
  PointTable pool{a.rows + b.rows, a.columns, a.values};
  pool.values.insert(pool.values.end(), b.values.begin(), b.values.end());
  return rows_of(pool, random_subset(pool.rows, std::min(kBandwidthRows, pool.rows), seed,
                                     JudgeDraw::bandwidth, 0));
}

SampleTest permutation_test(std::string name, const Permuted& permuted, std::size_t rows,
                            std::size_t reference_rows) {
  SampleTest out;
  out.name = std::move(name);
  out.statistic = permuted.statistic;
  out.p = permuted.p();
  out.rows = rows;
  out.reference_rows = reference_rows;
  out.null = fmt::format("{} permutations", permuted.null.size());
  return out;
}

void judge_moments(const Bench& bench, FitResult& out) {
  MomentSetting setting;
  setting.permutations = bench.permutations();
  setting.miss = bench.level();
  setting.seed = bench.request.seed;
  setting.threads = bench.threads;
  const MomentTests tests = moment_tests(bench.samples, bench.reference, setting);
  const auto add = [&](const char* name, const MomentTest& test, const char* floor_of) {
    SampleTest one = permutation_test(name, test.max_z, tests.used, tests.used_of_reference);
    one.floor = test.worst.detectable;
    one.floor_of = floor_of;
    out.tests.push_back(std::move(one));
    out.moments.push_back(test.worst);
  };
  add("mean", tests.mean, "standard deviations, the mean of any coordinate");
  add("covariance", tests.covariance, "of itself, the variance of any coordinate");
}

void judge_pairs(const Bench& bench, FitResult& out) {
  const std::size_t rows = std::min(
      {bench.samples.rows, bench.reference.rows, static_cast<std::size_t>(bench.request.pairs)});
  const PointTable some =
      rows_of(bench.samples,
              random_subset(bench.samples.rows, rows, bench.request.seed, JudgeDraw::subsample, 0));
  const PointTable draws = bench.draw(rows, JudgeDraw::subsample);
  const double median =
      median_distance(bench.law.own_rows() ? pooled_rows(some, draws, bench.request.seed)
                                           : bench.draw(kBandwidthRows, JudgeDraw::bandwidth));
  out.bandwidth = median > 0 ? median : 1;
  const PairTests tests = pair_tests(some, draws, out.bandwidth, bench.permutations(),
                                     bench.request.seed, bench.threads);
  const auto add = [&](const char* name, const Permuted& test, double spread,
                       const char* floor_of) {
    SampleTest one = permutation_test(name, test, rows, rows);
    one.floor = detectable_distance(test, spread, rows, bench.level());
    one.floor_of = floor_of;
    out.tests.push_back(std::move(one));
  };
  add("energy distance", tests.energy, tests.energy_spread, "the energy distance");
  add("MMD", tests.mmd, tests.mmd_spread, "MMD^2");
}

void judge_lines(const Bench& bench, FitResult& out) {
  const LineSetting setting{bench.level(), kPower, bench.request.seed, bench.threads};
  const auto add = [&](const char* name, const LineTest& test, std::string floor_of) {
    SampleTest one;
    one.name = name;
    one.statistic = test.distance;
    one.p = test.p;
    one.rows = test.rows;
    one.reference_rows = test.exact ? 0 : test.rows;
    one.null = test.exact ? "exact distribution function" : "two samples";
    one.floor = test.floor;
    one.floor_of = std::move(floor_of);
    out.tests.push_back(std::move(one));
    out.bounds.push_back({name, test.variation, 1 - bench.level()});
  };
  add("KS of the radius", radius_test(bench.law, bench.samples, bench.reference, setting),
      "in probability, a ball about 0");
  const LineTest projections = projection_test(bench.law, bench.samples, bench.reference, setting);
  add("KS of projections", projections,
      projections.directions == 1
          ? std::string("in probability, a half-line")
          : fmt::format("in probability, a half-space along any of {} directions",
                        projections.directions));
}

void judge_event(const Bench& bench, FitResult& out) {
  const std::vector<double> own = bench.law.log_density(bench.samples, bench.threads);
  const std::vector<double> drawn = bench.law.log_density(bench.reference, bench.threads);
  const EventCounts counts = chosen_event({bench.samples, own}, {bench.reference, drawn});
  const auto n = static_cast<double>(counts.samples);
  const auto m = static_cast<double>(counts.draws);
  SampleTest test;
  test.name = "classifier two-sample";
  test.statistic =
      static_cast<double>(counts.sample_hits) / n - static_cast<double>(counts.law_hits) / m;
  test.p = counts.p();
  test.rows = bench.samples.rows;
  test.reference_rows = bench.reference.rows;
  test.null = "Fisher's exact test on the second half";
  test.floor = event_floor(counts.samples, counts.draws, bench.level());
  test.floor_of = "in probability, the event that the first half chooses";
  // Fisher's test and the two intervals are of one table; neither implies the other.
  const bool seen = p_rejects(test.p, bench.level());
  out.bounds.push_back(
      {test.name, seen ? counts.total_variation(bench.level()) : 0, 1 - bench.level()});
  out.tests.push_back(std::move(test));
}

/// Rows that stand in the file before, number for number.
std::size_t repeated_rows(const PointTable& samples) {
  std::vector<const double*> rows(samples.rows);
  for (std::size_t r = 0; r < samples.rows; ++r) rows[r] = &samples.values[r * samples.columns];
  const std::size_t d = samples.columns;
  const auto before = [d](const double* a, const double* b) {
    return std::lexicographical_compare(a, a + d, b, b + d);
  };
  std::sort(rows.begin(), rows.end(), before);
  std::size_t repeated = 0;
  for (std::size_t r = 1; r < rows.size(); ++r) {
    repeated += std::equal(rows[r], rows[r] + d, rows[r - 1]) ? 1 : 0;
  }
  return repeated;
}

void add_notes(const Bench& bench, FitResult& out) {
  for (const SampleTest& test : out.tests) {
    std::string taken;
    if (test.rows < out.rows) taken = fmt::format("{} of the rows", test.rows);
    if (bench.law.own_rows() && test.reference_rows < out.reference_rows) {
      taken += fmt::format("{}{} {}", taken.empty() ? "" : " and ", test.reference_rows,
                           out.reference_is);
    }
    if (!taken.empty()) out.notes.push_back(fmt::format("{} takes {}", test.name, taken));
  }
  const std::size_t repeated = repeated_rows(bench.samples);
  if (repeated > 0) {
    out.notes.push_back(
        fmt::format("{} rows repeat another; the p-values suppose independent rows", repeated));
  }
}

void conclude(FitResult& out) {
  const auto count = static_cast<double>(out.tests.size());
  for (SampleTest& test : out.tests) {
    test.adjusted_p = std::min(1.0, count * test.p);
    test.rejects = p_rejects(test.p, out.setting.alpha / count);
    out.rejected = out.rejected || test.rejects;
  }
}

}  // namespace

void require_fit_setting(const FitSetting& setting) {
  if (!(setting.alpha >= 0.001 && setting.alpha <= 0.2)) {
    throw InputError(fmt::format("--alpha {}: must be from 0.001 to 0.2", setting.alpha));
  }
  if (setting.pairs < 100 || setting.pairs > 10000) {
    throw InputError(fmt::format("--pairs {}: must be from 100 to 10000", setting.pairs));
  }
}

void require_enough_rows(const PointTable& samples, const std::string& what) {
  if (samples.rows < kLeastJudged) {
    throw InputError(fmt::format("{}: {} rows are too few to judge; at least {} are needed", what,
                                 samples.rows, kLeastJudged));
  }
}

FitResult goodness_of_fit(PointTable samples, const ReferenceLaw& law, const FitSetting& setting,
                          int threads) {
  require_fit_setting(setting);
  require_enough_rows(samples, "samples");
  FitResult out;
  out.setting = setting;
  samples = clamped(std::move(samples));
  out.rows = samples.rows;
  out.dim = samples.columns;
  const std::size_t times =
      std::clamp(kReferenceNumbers / samples.values.size(), std::size_t{1}, kMostReferences);
  out.reference_rows = law.own_rows().value_or(times * samples.rows);
  out.reference_is = law.rows_are();
  out.distribution_error = law.distribution_error();
  Bench bench{setting, law, samples, {}, threads};
  bench.reference = bench.draw(out.reference_rows, JudgeDraw::reference);
  judge_moments(bench, out);
  judge_pairs(bench, out);
  judge_lines(bench, out);
  judge_event(bench, out);
  add_notes(bench, out);
  conclude(out);
  return out;
}

}  // namespace lemmabench
