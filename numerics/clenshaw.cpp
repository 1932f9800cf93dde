#include "numerics/clenshaw.hpp"

#include <algorithm>

#include "numerics/lanes.hpp"

namespace lemmabench {
namespace {

/// `groups` vectors of points abreast, of which the first `count` points are there. One vector
/// alone would wait for itself: a step needs the last one's result.
template <std::size_t groups>
LEMMABENCH_LANE_FUNCTION void some_points(const ClenshawSeries& series, const double* points,
                                          std::size_t count, double* out) {
  Lanes x[groups];
  Lanes above[groups] = {};
  Lanes two_above[groups] = {};
  for (std::size_t i = 0; i < groups * kLanes; ++i) {
    x[i / kLanes].v[i % kLanes] = points[std::min(i, count - 1)];
  }
  for (std::size_t n = series.order; n-- > 0;) {
    for (std::size_t g = 0; g < groups; ++g) {
      const LaneVector here = series.coefficients[n] + series.up[n] * x[g].v * above[g].v -
                              series.down[n] * two_above[g].v;
      two_above[g].v = above[g].v;
      above[g].v = here;
    }
  }
  for (std::size_t i = 0; i < count; ++i) {
    out[i] = above[i / kLanes][i % kLanes];
  }
}

constexpr std::size_t kMostGroups = 4;

LEMMABENCH_LANE_FUNCTION void all_points_body(const ClenshawSeries& series, const double* points,
                                              std::size_t count, double* out) {
  constexpr std::size_t kMost = kMostGroups * kLanes;
  std::size_t start = 0;
  for (; start + kMost <= count; start += kMost) {
    some_points<kMostGroups>(series, points + start, kMost, out + start);
  }
  const std::size_t left = count - start;
  if (left > 3 * kLanes) {
    some_points<4>(series, points + start, left, out + start);
  } else if (left > 2 * kLanes) {
    some_points<3>(series, points + start, left, out + start);
  } else if (left > kLanes) {
    some_points<2>(series, points + start, left, out + start);
  } else if (left > 0) {
    some_points<1>(series, points + start, left, out + start);
  }
}

LEMMABENCH_FOR_EACH_VECTOR_UNIT(all_points,
                                (const ClenshawSeries& series, const double* points,
                                 std::size_t count, double* out),
                                (series, points, count, out))

/// Two points are as soon done one after the other.
double one_point(const ClenshawSeries& series, double x) {
  double above = 0;
  double two_above = 0;
  for (std::size_t n = series.order; n-- > 0;) {
    const double here =
        series.coefficients[n] + series.up[n] * x * above - series.down[n] * two_above;
    two_above = above;
    above = here;
  }
  return above;
}

}  // namespace

void clenshaw(const ClenshawSeries& series, const double* points, std::size_t count, double* out) {
  if (count > 2) {
    all_points(series, points, count, out);
    return;
  }
  for (std::size_t i = 0; i < count; ++i) {
    out[i] = one_point(series, points[i]);
  }
}

}  // namespace lemmabench
