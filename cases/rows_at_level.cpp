#include "cases/rows_at_level.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include "numerics/error.hpp"
#include "numerics/lanes.hpp"

namespace lemmabench {
namespace {

constexpr std::size_t kBlockGroups = 32;

std::size_t groups_of(std::size_t rows) { return (rows + kLanes - 1) / kLanes; }

/// The rows over `signal`, as groups; lanes beyond the last row are 0.
std::vector<Lanes> as_lanes(const Rows& points, double signal) {
  std::vector<Lanes> out(groups_of(points.count) * points.dim);
  for (std::size_t r = 0; r < points.count; ++r) {
    for (std::size_t i = 0; i < points.dim; ++i) {
      const double value = points.values[r * points.dim + i];
      if (!std::isfinite(value)) throw InputError("a point has a number that is not finite");
      out[r / kLanes * points.dim + i].v[r % kLanes] = value / signal;
    }
  }
  return out;
}

/// The first `rows` rows of width `width`, times `scale`.
void from_lanes(const std::vector<Lanes>& from, std::size_t rows, std::size_t width, double scale,
                double* out) {
  for (std::size_t r = 0; r < rows; ++r) {
    for (std::size_t i = 0; i < width; ++i) {
      out[r * width + i] = scale * from[r / kLanes * width + i][r % kLanes];
    }
  }
}

/// body(first row, rows) over blocks of whole groups.
template <class Body>
void in_blocks(std::size_t count, Body body) {
  constexpr std::size_t kRows = kBlockGroups * kLanes;
  for (std::size_t first = 0; first < count; first += kRows) {
    body(first, std::min(kRows, count - first));
  }
}

/// body(first row, their points over `signal`, rows) over blocks.
template <class Body>
void over_points(const Rows& points, double signal, Body body) {
  in_blocks(points.count, [&](std::size_t first, std::size_t rows) {
    body(first, as_lanes({points.values + first * points.dim, rows, points.dim}, signal), rows);
  });
}

}  // namespace

void score_rows(const VectorMarginal& at, double signal, const Rows& points, double* out) {
  over_points(points, signal,
              [&](std::size_t first, const std::vector<Lanes>& y, std::size_t rows) {
                std::vector<Lanes> score(y.size());
                at.score(y.data(), groups_of(rows), score.data());
                from_lanes(score, rows, points.dim, 1 / signal, out + first * points.dim);
              });
}

void log_density_rows(const VectorMarginal& at, double signal, const Rows& points, double* out) {
  // p of X at x is p(y)/signal^d
  const double constant = static_cast<double>(points.dim) * std::log(signal);
  over_points(points, signal,
              [&](std::size_t first, const std::vector<Lanes>& y, std::size_t rows) {
                std::vector<Lanes> logarithm(groups_of(rows));
                at.log_density(y.data(), groups_of(rows), logarithm.data());
                from_lanes(logarithm, rows, 1, 1, out + first);
                for (std::size_t r = 0; r < rows; ++r) out[first + r] -= constant;
              });
}

void denoise_rows(const VectorMarginal& at, double signal, const Rows& points, double* out) {
  over_points(points, signal,
              [&](std::size_t first, const std::vector<Lanes>& y, std::size_t rows) {
                std::vector<Lanes> answer(y.size());
                at.score(y.data(), groups_of(rows), answer.data());
                for (std::size_t i = 0; i < y.size(); ++i) {
                  for (std::size_t lane = 0; lane < kLanes; ++lane) {
                    answer[i].v[lane] = y[i][lane] + at.tau() * answer[i][lane];
                  }
                }
                from_lanes(answer, rows, points.dim, 1, out + first * points.dim);
              });
}

void sample_rows(const VectorLaw& law, const SampleKeys& keys, const RowLevel& level,
                 std::size_t count, double* out) {
  const std::size_t dim = law.dim();
  in_blocks(count, [&](std::size_t first, std::size_t rows) {
    std::vector<Lanes> y(groups_of(rows) * dim);
    law.sample(keys, level.tau, first, groups_of(rows), y.data());
    from_lanes(y, rows, dim, level.signal, out + first * dim);
  });
}

}  // namespace lemmabench
