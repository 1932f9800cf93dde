#include "harness/monte_carlo/goodness_of_fit/pair_tests.hpp"

#include <algorithm>
#include <cmath>

#include "harness/monte_carlo/goodness_of_fit/level.hpp"
#include "harness/monte_carlo/goodness_of_fit/shuffle.hpp"
#include "numerics/lanes.hpp"
#include "numerics/parallel.hpp"
#include "numerics/running_moments.hpp"

namespace lemmabench {
namespace {

double squared_distance(const double* x, const double* y, std::size_t dim) {
  double sum = 0;
  for (std::size_t i = 0; i < dim; ++i) {
    sum += (x[i] - y[i]) * (x[i] - y[i]);
  }
  return sum;
}

/// Entry (i, j) with j < i of a symmetric matrix.
std::size_t below_diagonal(std::size_t i, std::size_t j) { return i * (i - 1) / 2 + j; }

/// A function of every pair i > j of points, and its sums over the other point.
struct Pairs {
  std::vector<double> values;
  std::vector<double> row_sums;
  double total = 0;  ///< over i > j

  Pairs(std::size_t count, const std::function<double(double)>& f,
        const std::vector<double>& squares)
      : values(squares.size()), row_sums(count) {
    std::transform(squares.begin(), squares.end(), values.begin(), f);
    for (std::size_t i = 0; i < count; ++i) {
      for (std::size_t j = 0; j < i; ++j) {
        row_sums[i] += values[below_diagonal(i, j)];
        row_sums[j] += values[below_diagonal(i, j)];
      }
    }
    for (const double sum : row_sums) {
      total += sum / 2;
    }
  }
};

/// The sums of a pair function within the first sample, within the second and between them, for
/// eight divisions of the pool.
struct Sums {
  Lanes first;
  Lanes second;
  Lanes between;
};

LEMMABENCH_LANE_FUNCTION void sum_pairs_body(const Pairs& pairs, const Lanes* chosen,
                                             std::size_t count, Sums& out) {
  LaneVector first = {};
  LaneVector all = {};
  const double* value = pairs.values.data();
  for (std::size_t i = 0; i < count; ++i) {
    LaneVector row = {};
    for (std::size_t j = 0; j < i; ++j) {
      row += *value++ * chosen[j].v;
    }
    first += chosen[i].v * row;
    all += pairs.row_sums[i] * chosen[i].v;
  }
  out.first.v = first;
  out.between.v = all - 2 * first;
  out.second.v = pairs.total - out.between.v - first;
}

LEMMABENCH_FOR_EACH_VECTOR_UNIT(sum_pairs,
                                (const Pairs& pairs, const Lanes* chosen, std::size_t count,
                                 Sums& out),
                                (pairs, chosen, count, out))

std::vector<double> all_squares(const PointTable& a, const PointTable& b, int threads) {
  const std::size_t count = a.rows + b.rows;
  const auto row = [&](std::size_t i) {
    return i < a.rows ? &a.values[i * a.columns] : &b.values[(i - a.rows) * b.columns];
  };
  std::vector<double> squares(count * (count - 1) / 2);
  parallel_for(count, threads, [&](std::size_t i) {
    for (std::size_t j = 0; j < i; ++j) {
      squares[below_diagonal(i, j)] = squared_distance(row(i), row(j), a.columns);
    }
  });
  return squares;
}

/// Eight divisions: the first of all is that of the samples themselves.
std::vector<Lanes> divisions(std::size_t batch, std::size_t count, std::size_t half,
                             std::uint64_t seed) {
  std::vector<Lanes> chosen(count);
  for (std::size_t l = 0; l < kLanes; ++l) {
    const std::size_t which = batch * kLanes + l;
    if (which == 0) {
      for (std::size_t i = 0; i < half; ++i) chosen[i].v[0] = 1;
      continue;
    }
    for (const std::size_t i : random_subset(count, half, seed, JudgeDraw::pairs, which)) {
      chosen[i].v[l] = 1;
    }
  }
  return chosen;
}

Permuted permuted(const std::vector<double>& values, std::size_t permutations) {
  Permuted out;
  out.statistic = values.front();
  out.null.assign(values.begin() + 1,
                  values.begin() + 1 + static_cast<std::ptrdiff_t>(permutations));
  return out;
}

/// The mean over pairs i > j of the second sample.
double mean_of_second(const Pairs& pairs, std::size_t half) {
  double sum = 0;
  for (std::size_t i = half + 1; i < 2 * half; ++i) {
    for (std::size_t j = half; j < i; ++j) sum += pairs.values[below_diagonal(i, j)];
  }
  return 2 * sum / (static_cast<double>(half) * static_cast<double>(half - 1));
}

}  // namespace

double Permuted::p() const {
  const auto above =
      std::count_if(null.begin(), null.end(), [&](double one) { return one >= statistic; });
  return static_cast<double>(above + 1) / static_cast<double>(null.size() + 1);
}

bool Permuted::rejects(double level) const { return p_rejects(p(), level); }

double Permuted::threshold(double p) const {
  std::vector<double> sorted = null;
  std::sort(sorted.rbegin(), sorted.rend());
  // As p_rejects: p (n+1) that should be whole must not fall below it by rounding.
  const double allowed = p * static_cast<double>(null.size() + 1) * (1 + kLevelRounding) - 1;
  const auto index = static_cast<std::size_t>(std::max(0.0, std::floor(allowed)));
  return sorted[std::min(index, sorted.size() - 1)];
}

PairTests pair_tests(const PointTable& a, const PointTable& b, double bandwidth,
                     std::size_t permutations, std::uint64_t seed, int threads) {
  const std::size_t half = a.rows;
  const std::size_t count = 2 * half;
  const std::vector<double> squares = all_squares(a, b, threads);
  const Pairs distances(
      count, [](double x) { return std::sqrt(x); }, squares);
  const double scale = -1 / (2 * bandwidth * bandwidth);
  const Pairs kernels(
      count, [scale](double x) { return std::exp(scale * x); }, squares);
  const std::size_t batches = permutations / kLanes + 1;
  std::vector<double> energy(batches * kLanes);
  std::vector<double> mmd(batches * kLanes);
  const auto n = static_cast<double>(half);
  parallel_for(batches, threads, [&](std::size_t batch) {
    const std::vector<Lanes> chosen = divisions(batch, count, half, seed);
    Sums d;
    Sums k;
    sum_pairs(distances, chosen.data(), count, d);
    sum_pairs(kernels, chosen.data(), count, k);
    for (std::size_t l = 0; l < kLanes; ++l) {
      energy[batch * kLanes + l] = 2 * (d.between[l] - d.first[l] - d.second[l]) / (n * n);
      mmd[batch * kLanes + l] =
          2 * (k.first[l] + k.second[l]) / (n * (n - 1)) - 2 * k.between[l] / (n * n);
    }
  });
  return {permuted(energy, permutations), permuted(mmd, permutations),
          mean_of_second(distances, half), 1 - mean_of_second(kernels, half)};
}

double detectable_distance(const Permuted& test, double spread, std::size_t n, double p) {
  constexpr double kQuantile = 0.8416212335729143;  // Phi^{-1}(0.8)
  RunningMoments null;
  for (const double one : test.null) null.add(one);
  // M - kQuantile sqrt(variance + slope M) = gap
  const double gap = test.threshold(p) - null.mean;
  const double slope = 8 * spread / static_cast<double>(n);
  const double half = gap + kQuantile * kQuantile * slope / 2;
  const double rest = gap * gap - kQuantile * kQuantile * null.variance();
  return half + std::sqrt(std::max(0.0, half * half - rest));
}

double median_distance(const PointTable& points) {
  std::vector<double> distances;
  for (std::size_t i = 0; i < points.rows; ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      distances.push_back(std::sqrt(squared_distance(
          &points.values[i * points.columns], &points.values[j * points.columns], points.columns)));
    }
  }
  const auto middle = distances.begin() + static_cast<std::ptrdiff_t>(distances.size() / 2);
  std::nth_element(distances.begin(), middle, distances.end());
  return *middle;
}

}  // namespace lemmabench
