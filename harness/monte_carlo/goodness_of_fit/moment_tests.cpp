#include "harness/monte_carlo/goodness_of_fit/moment_tests.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <utility>

#include "harness/monte_carlo/goodness_of_fit/shuffle.hpp"
#include "numerics/parallel.hpp"
#include "numerics/running_moments.hpp"

namespace lemmabench {
namespace {

constexpr std::size_t kBlocks = 50;       // of the smaller sample
constexpr std::size_t kMostBlocks = 200;  // of the larger
constexpr std::size_t kAllPairs = 24;
constexpr std::size_t kDirections = 16;
constexpr double kPowerQuantile = 0.8416212335729143;  // Phi^{-1}(0.8)

/// The coordinates about a centre, and the coordinates along random directions behind them.
struct Columns {
  std::vector<double> centre;
  std::vector<double> directions;  // rows of dim

  std::size_t dim() const { return centre.size(); }
  std::size_t count() const { return dim() + directions.size() / dim(); }
  void of(const double* x, double* out) const {
    for (std::size_t i = 0; i < dim(); ++i) {
      out[i] = x[i] - centre[i];
    }
    for (std::size_t k = dim(); k < count(); ++k) {
      const double* u = &directions[(k - dim()) * dim()];
      out[k] = 0;
      for (std::size_t i = 0; i < dim(); ++i) {
        out[k] += u[i] * out[i];
      }
    }
  }
};

using Pair = std::pair<std::size_t, std::size_t>;

/// The columns whose products are tested.
std::vector<Pair> products(const Columns& columns) {
  std::vector<Pair> out;
  const bool all = columns.dim() <= kAllPairs;
  for (std::size_t i = 0; i < columns.count(); ++i) {
    for (std::size_t j = all ? 0 : i; j <= i; ++j) {
      out.emplace_back(i, j);
    }
  }
  return out;
}

/// Means of moments over blocks: block b of the pool at [b moments ...]; the sample's blocks first.
struct BlockMeans {
  std::size_t moments = 0;
  std::size_t own = 0;  ///< the sample's
  std::size_t blocks = 0;
  std::vector<double> values;

  const double* block(std::size_t b) const { return &values[b * moments]; }
};

struct Pool {
  const PointTable& samples;
  const PointTable& reference;
  std::size_t size;   // rows of a block
  std::size_t own;    // blocks of the samples
  std::size_t other;  // blocks of the reference

  std::size_t blocks() const { return own + other; }
  const double* row(std::size_t block, std::size_t i) const {
    const PointTable& table = block < own ? samples : reference;
    const std::size_t b = block < own ? block : block - own;
    return &table.values[(b * size + i) * table.columns];
  }
};

/// kBlocks of the smaller sample, and of the larger one as many of their size as there are.
Pool pool_of(const PointTable& samples, const PointTable& reference) {
  const std::size_t fewer = std::min(samples.rows, reference.rows);
  const std::size_t size = fewer / kBlocks;
  const auto blocks = [&](std::size_t rows) {
    return rows == fewer ? kBlocks : std::min(rows / size, kMostBlocks);
  };
  return {samples, reference, size, blocks(samples.rows), blocks(reference.rows)};
}

std::vector<double> mean_of(const BlockMeans& means) {
  std::vector<double> out(means.moments);
  for (std::size_t b = 0; b < means.blocks; ++b) {
    for (std::size_t f = 0; f < means.moments; ++f) {
      out[f] += means.block(b)[f] / static_cast<double>(means.blocks);
    }
  }
  return out;
}

BlockMeans block_means(const Pool& pool, const Columns& columns, const std::vector<Pair>& pairs,
                       int threads) {
  const bool first = pairs.empty();
  BlockMeans out{first ? columns.dim() : pairs.size(), pool.own, pool.blocks(), {}};
  out.values.resize(out.moments * out.blocks);
  parallel_for(out.blocks, threads, [&](std::size_t b) {
    double* sums = &out.values[b * out.moments];
    std::vector<double> x(columns.count());
    for (std::size_t i = 0; i < pool.size; ++i) {
      columns.of(pool.row(b, i), x.data());
      for (std::size_t f = 0; f < out.moments; ++f) {
        sums[f] += first ? x[f] : x[pairs[f].first] * x[pairs[f].second];
      }
    }
    for (std::size_t f = 0; f < out.moments; ++f) {
      sums[f] /= static_cast<double>(pool.size);
    }
  });
  return out;
}

/// The largest |difference of the groups' means| over moments, each in units of `scale`.
double largest(const BlockMeans& means, const std::vector<std::size_t>& chosen,
               const std::vector<double>& centre, const std::vector<double>& scale) {
  std::vector<double> sums(means.moments);
  for (const std::size_t b : chosen) {
    for (std::size_t f = 0; f < means.moments; ++f) {
      sums[f] += means.block(b)[f] - centre[f];
    }
  }
  double most = 0;
  for (std::size_t f = 0; f < means.moments; ++f) {
    if (scale[f] > 0) most = std::max(most, std::fabs(sums[f]) / scale[f]);
  }
  return most;
}

Permuted permute(const BlockMeans& means, const MomentSetting& setting) {
  const std::vector<double> centre = mean_of(means);
  std::vector<double> scale(means.moments);
  const auto all = static_cast<double>(means.blocks);
  const auto chosen = static_cast<double>(means.own);
  for (std::size_t f = 0; f < means.moments; ++f) {
    RunningMoments spread;
    for (std::size_t b = 0; b < means.blocks; ++b) spread.add(means.block(b)[f]);
    // sum over the chosen less their share of the total, which is 0 about the centre
    scale[f] = std::sqrt(spread.variance() * chosen * (1 - chosen / all));
  }
  std::vector<std::size_t> own(means.own);
  for (std::size_t b = 0; b < means.own; ++b) own[b] = b;
  Permuted out;
  out.statistic = largest(means, own, centre, scale);
  out.null = parallel_map(setting.permutations, setting.threads, [&](std::size_t i) {
    return largest(means,
                   random_subset(means.blocks, means.own, setting.seed, JudgeDraw::blocks, i + 1),
                   centre, scale);
  });
  return out;
}

/// Mean and squared standard error of a moment over blocks first..last-1.
RunningMoments over_blocks(const BlockMeans& means, std::size_t f, std::size_t first,
                           std::size_t last) {
  RunningMoments out;
  for (std::size_t b = first; b < last; ++b) out.add(means.block(b)[f]);
  return out;
}

struct Worst {
  std::size_t moment = 0;
  MomentGap gap;
};

/// The moment with the largest |z|, and the interval of all differences that the test does not
/// reject at `miss`: z of the samples shifted back by x is within +-threshold. With n blocks, k of
/// the samples, v = 1/k + 1/(n-k) and W the squares within the two samples,
///   z(x)^2 = (gap-x)^2/v / ((W + (gap-x)^2/v)/(n-1)),
/// so that 0 is outside of the interval if and only if the test rejects.
Worst worst_gap(const BlockMeans& means, const Permuted& test, const MomentSetting& setting) {
  Worst out;
  const auto n = static_cast<double>(means.blocks);
  const auto k = static_cast<double>(means.own);
  const double v = 1 / k + 1 / (n - k);
  const double threshold = test.threshold(setting.miss);
  const double rest = 1 - threshold * threshold / (n - 1);
  for (std::size_t f = 0; f < means.moments; ++f) {
    const RunningMoments a = over_blocks(means, f, 0, means.own);
    const RunningMoments b = over_blocks(means, f, means.own, means.blocks);
    const double gap = a.mean - b.mean;
    const double within = a.squares + b.squares;
    const double all = within + gap * gap / v;
    const double z = all > 0 ? gap / std::sqrt(v * all / (n - 1)) : 0;
    if (f > 0 && std::fabs(z) <= std::fabs(out.gap.z)) continue;
    // By rounding, or with a threshold that nothing passes, the two could differ.
    double reach = rest > 0 ? threshold * std::sqrt(v * within / (n - 1) / rest) : std::fabs(gap);
    reach = test.rejects(setting.miss) ? std::min(reach, std::fabs(gap) * (1 - 1e-9))
                                       : std::max(reach, std::fabs(gap));
    out.moment = f;
    out.gap.z = z;
    out.gap.difference = Sampled{gap, reach, 1 - setting.miss};
  }
  return out;
}

/// The difference in units of the moment at which |z| passes `threshold` with probability 0.8, from
/// the variance of a block's mean under the law in the same units. With `grows` the samples'
/// deviations are larger by 1 + the difference, as if they were scaled. Infinite if there is none.
double detectable(double variance, const BlockMeans& means, double threshold, bool grows) {
  const auto blocks = static_cast<double>(means.blocks);
  const auto own = static_cast<double>(means.own);
  const double rest = blocks - own;
  // The spread in z is of all blocks, the difference between the two samples included.
  const double shrink = 1 - threshold * threshold / (blocks - 1);
  if (shrink <= 0) return std::numeric_limits<double>::infinity();
  const auto needed = [&](double difference) {
    const double growth = grows ? (1 + difference) * (1 + difference) : 1;
    const double within = variance * (own * growth + rest) / blocks;
    const double critical = threshold * std::sqrt(within * (1 / own + 1 / rest) / shrink);
    return critical + kPowerQuantile * std::sqrt(variance * (growth / own + 1 / rest));
  };
  double difference = 0;
  for (int i = 0; i < 100; ++i) difference = needed(difference);
  return difference < 1e6 ? difference : std::numeric_limits<double>::infinity();
}

/// The same of a whole test: the largest of all moments that have a unit.
double detectable(const BlockMeans& means, const Permuted& test, const MomentSetting& setting,
                  const std::vector<double>& unit, bool grows) {
  const double threshold = test.threshold(setting.miss);
  double most = 0;
  for (std::size_t f = 0; f < means.moments; ++f) {
    if (unit[f] <= 0) continue;
    // By the reference: what it is if the samples are of the law.
    const double one = over_blocks(means, f, means.own, means.blocks).variance();
    most = std::max(most, detectable(one / (unit[f] * unit[f]), means, threshold, grows));
  }
  return most;
}

std::vector<double> random_directions(std::size_t dim, std::uint64_t seed) {
  constexpr std::size_t groups = kDirections / kLanes;
  std::vector<Lanes> normals(groups * dim);
  random_normals({.seed = seed,
                  .stream = static_cast<std::uint64_t>(JudgeStream::direction),
                  .step = static_cast<std::uint64_t>(JudgeDraw::blocks)},
                 0, groups, dim, normals.data());
  std::vector<double> out(kDirections * dim);
  for (std::size_t k = 0; k < kDirections; ++k) {
    for (std::size_t i = 0; i < dim; ++i) {
      out[k * dim + i] = normals[k / kLanes * dim + i][k % kLanes] / std::sqrt(dim);
    }
  }
  return out;
}

std::string product_name(const Columns& columns, const Pair& pair) {
  if (pair.first >= columns.dim()) return "(u.x)^2";
  if (pair.first == pair.second) return fmt::format("x_{}^2", pair.first + 1);
  return fmt::format("x_{} x_{}", pair.second + 1, pair.first + 1);
}

}  // namespace

MomentTests moment_tests(const PointTable& samples, const PointTable& reference,
                         const MomentSetting& setting) {
  const Pool pool = pool_of(samples, reference);
  MomentTests out;
  out.used = pool.size * pool.own;
  out.used_of_reference = pool.size * pool.other;
  Columns columns{std::vector<double>(samples.columns), {}};
  const BlockMeans raw = block_means(pool, columns, {}, setting.threads);
  columns.centre = mean_of(raw);
  if (samples.columns > kAllPairs) {
    columns.directions = random_directions(samples.columns, setting.seed);
  }
  const BlockMeans means = block_means(pool, columns, {}, setting.threads);
  const std::vector<Pair> pairs = products(columns);
  const BlockMeans squares = block_means(pool, columns, pairs, setting.threads);

  // The law's variances, of the coordinates whose products are tested; 0 for mixed moments.
  std::vector<double> deviation(means.moments);
  std::vector<double> variance(pairs.size());
  for (std::size_t f = 0; f < pairs.size(); ++f) {
    if (pairs[f].first != pairs[f].second) continue;
    variance[f] = over_blocks(squares, f, squares.own, squares.blocks).mean;
    if (pairs[f].first < columns.dim()) deviation[pairs[f].first] = std::sqrt(variance[f]);
  }
  const auto finish = [&](const BlockMeans& blocks, const std::vector<double>& unit,
                          const std::function<std::string(std::size_t)>& name) {
    MomentTest test{permute(blocks, setting), {}, blocks.moments};
    Worst worst = worst_gap(blocks, test.max_z, setting);
    test.worst = std::move(worst.gap);
    test.worst.of = name(worst.moment);
    test.worst.detectable = detectable(blocks, test.max_z, setting, unit, &blocks == &squares);
    return test;
  };
  out.mean = finish(means, deviation, [](std::size_t f) { return fmt::format("x_{}", f + 1); });
  out.covariance =
      finish(squares, variance, [&](std::size_t f) { return product_name(columns, pairs[f]); });
  return out;
}

}  // namespace lemmabench
