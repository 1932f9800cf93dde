#include "harness/monte_carlo/particles/enclosing_box.hpp"

#include <algorithm>
#include <cstddef>
#include <vector>

namespace lemmabench {
namespace {

/// Of the draws: with more of them in the box a half-space may separate as well.
constexpr double kHardlyAny = 0.1;

class Box {
 public:
  Box(const PointTable& points, std::size_t rows) : low_(points.columns), high_(points.columns) {
    for (std::size_t j = 0; j < points.columns; ++j) {
      low_[j] = high_[j] = points.values[j];
    }
    for (std::size_t i = 1; i < rows; ++i) {
      for (std::size_t j = 0; j < points.columns; ++j) {
        low_[j] = std::min(low_[j], points.values[i * points.columns + j]);
        high_[j] = std::max(high_[j], points.values[i * points.columns + j]);
      }
    }
  }

  std::size_t hits(const PointTable& points, std::size_t first, std::size_t end) const {
    std::size_t out = 0;
    for (std::size_t i = first; i < end; ++i) {
      bool inside = true;
      for (std::size_t j = 0; j < points.columns && inside; ++j) {
        const double x = points.values[i * points.columns + j];
        inside = x >= low_[j] && x <= high_[j];
      }
      out += inside ? 1 : 0;
    }
    return out;
  }

 private:
  std::vector<double> low_;
  std::vector<double> high_;
};

}  // namespace

EventCounts enclosing_or_chosen_event(const Described& samples, const Described& draws) {
  const std::size_t a = samples.points.rows / 2;
  const std::size_t b = draws.points.rows / 2;
  const Box box(samples.points, a);
  const auto inside = static_cast<double>(box.hits(draws.points, 0, b));
  if (inside > kHardlyAny * static_cast<double>(b)) {
    return chosen_event(samples, draws);
  }
  return {.sample_hits = box.hits(samples.points, a, samples.points.rows),
          .samples = samples.points.rows - a,
          .law_hits = box.hits(draws.points, b, draws.points.rows),
          .draws = draws.points.rows - b};
}

}  // namespace lemmabench
