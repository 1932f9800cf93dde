#include "harness/engines/line_proved/contour.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "numerics/ball_functions.hpp"

namespace lemmabench {
namespace {

struct Open {
  double low;
  double high;
  int depth;
};

/// How many rectangles stand on a stretch: as high as they are wide, roughly.
int stack_of(const Open& open, double height) {
  return std::clamp(static_cast<int>(std::lround(height / (open.high - open.low))), 1, 12);
}

constexpr int kMostHalvings = 7;
constexpr double kRoundUp = 1 + 1e-12;

}  // namespace

std::vector<ContourTile> contour_tiles(const MeanMap& map, int t, const GaussSum& q, double sd,
                                       double low, double high, double height, double width,
                                       double worst) {
  std::vector<Open> open;
  const auto pieces = static_cast<int>(std::ceil((high - low) / width));
  for (int i = 0; i < pieces; ++i) {
    open.push_back({i == 0 ? low : open.back().high,
                    i + 1 == pieces ? high : low + (high - low) * (i + 1) / pieces, 0});
  }
  const double ends = 2 * height * std::max(q.density_bound(low + sd), q.density_bound(high - sd));
  std::vector<ContourTile> out;
  while (!open.empty()) {
    std::vector<ComplexBox> boxes;
    for (const Open& stretch : open) {
      const int stack = stack_of(stretch, height);
      for (int k = 0; k < stack; ++k) {
        // Wider than the piece by what the rounding of its ends is.
        boxes.push_back({.x = (stretch.low + stretch.high) / 2,
                         .y = height * (k + 0.5) / stack,
                         .half_width = (stretch.high - stretch.low) / 2 * kRoundUp +
                                       1e-15 * (std::abs(stretch.low) + std::abs(stretch.high)),
                         .half_height = height / stack / 2 * kRoundUp + 1e-15 * height});
      }
    }
    const std::vector<MeanMap::OnBox> found = map.on_boxes(t, boxes);
    std::vector<Open> next;
    std::size_t at = 0;
    for (const Open& stretch : open) {
      const int stack = stack_of(stretch, height);
      ContourTile tile{.low = stretch.low, .high = stretch.high};
      double sum = 0;
      for (int k = 0; k < stack; ++k, ++at) {
        // A rectangle where m may fail to be holomorphic has an infinite slope.
        const double steepest = found[at].slope.finite()
                                    ? upper_double(found[at].slope.real().magnitude_upper())
                                    : std::numeric_limits<double>::infinity();
        tile.slope = std::max(tile.slope, steepest);
        sum += steepest;
      }
      tile.rise = height * (sum / stack) * kRoundUp;
      tile.mass = q.mass_bound(stretch.low, stretch.high);
      // The contour ends somewhere in the first and last 2 sd: there the ends count as well.
      const bool last = stretch.low < low + 2 * sd || stretch.high > high - 2 * sd;
      const double steep = height * tile.slope;
      const double bad = last ? std::log(std::max(tile.mass, ends)) + steep * steep / (2 * sd * sd)
                              : std::log(tile.mass) + tile.rise * tile.rise / (2 * sd * sd);
      if (!(bad <= worst) && stretch.depth < kMostHalvings) {
        const double middle = stretch.low + (stretch.high - stretch.low) / 2;
        next.push_back({stretch.low, middle, stretch.depth + 1});
        next.push_back({middle, stretch.high, stretch.depth + 1});
      } else {
        out.push_back(tile);
      }
    }
    open = std::move(next);
  }
  return out;
}

}  // namespace lemmabench
