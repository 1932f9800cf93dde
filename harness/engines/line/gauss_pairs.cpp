#include "harness/engines/line/gauss_pairs.hpp"

#include <algorithm>

#include "numerics/lanes.hpp"

namespace lemmabench {
namespace {

/// Sources whose exponentials are kept for all channels.
constexpr std::size_t kSourceBlock = 32;

/// What is left of the sources when those out of reach of all targets from `low` to `high` are
/// taken off at both ends: of an ascending or descending list all that are within reach.
LEMMABENCH_LANE_FUNCTION void within_reach(const GaussPairs& pairs, double low, double high,
                                           std::size_t& first, std::size_t& end) {
  first = 0;
  end = pairs.sources;
  const double* means = pairs.means;
  while (first < end && (means[first] < low - pairs.reach || means[first] > high + pairs.reach)) {
    ++first;
  }
  while (end > first &&
         (means[end - 1] < low - pairs.reach || means[end - 1] > high + pairs.reach)) {
    --end;
  }
}

/// Adds the sums of `sources` <= kSourceBlock sources from `first` on at eight targets, of which
/// the first `count` are there, to out[channel * targets + lane].
LEMMABENCH_LANE_FUNCTION void add_sources(const GaussPairs& pairs, std::size_t first,
                                          std::size_t sources, const LaneVector& points,
                                          std::size_t count, std::size_t targets, double* out) {
  Lanes values[kSourceBlock];
  for (std::size_t k = 0; k < sources; ++k) {
    const LaneVector z = (points - pairs.means[first + k]) * pairs.scale;
    lane_exp(-(z * z), values[k].v);
  }
  for (std::size_t channel = 0; channel < pairs.channels; ++channel) {
    const double* weights = pairs.weights + channel * pairs.sources + first;
    LaneVector sum = {};
    for (std::size_t k = 0; k < sources; ++k) {
      sum += weights[k] * values[k].v;
    }
    for (std::size_t lane = 0; lane < count; ++lane) {
      out[channel * targets + lane] += sum[lane];
    }
  }
}

LEMMABENCH_LANE_FUNCTION void add_all_body(const GaussPairs& pairs, const double* points,
                                           std::size_t targets, double* out) {
  for (std::size_t start = 0; start < targets; start += kLanes) {
    const std::size_t count = std::min(kLanes, targets - start);
    std::size_t first = 0;
    std::size_t end = 0;
    within_reach(pairs, points[start], points[start + count - 1], first, end);
    if (first == end) {
      continue;
    }
    LaneVector y = {};
    for (std::size_t lane = 0; lane < kLanes; ++lane) {
      y[lane] = points[start + std::min(lane, count - 1)];
    }
    for (; first < end; first += kSourceBlock) {
      add_sources(pairs, first, std::min(kSourceBlock, end - first), y, count, targets,
                  out + start);
    }
  }
}

LEMMABENCH_FOR_EACH_VECTOR_UNIT(add_all,
                                (const GaussPairs& pairs, const double* points, std::size_t targets,
                                 double* out),
                                (pairs, points, targets, out))

}  // namespace

void add_gauss_pairs(const GaussPairs& pairs, const double* points, std::size_t targets,
                     double* out) {
  add_all(pairs, points, targets, out);
}

}  // namespace lemmabench
