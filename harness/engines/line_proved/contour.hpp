#pragma once

#include <vector>

#include "harness/engines/line_proved/gauss_sum.hpp"
#include "harness/engines/line_proved/mean_map.hpp"

namespace lemmabench {

/// A stretch of the line with the rectangle above it, up to the height of the contour, on which the
/// mean m of a step is holomorphic.
struct ContourTile {
  double low = 0;
  double high = 0;
  /// Upper bounds of |Im m(x + iy)|/y over the rectangle (m is real on the line), and of
  /// |Im m(x + i height)| over the stretch; infinite where m was not shown to be holomorphic.
  double slope = 0;
  double rise = 0;
  double mass = 0;  ///< an upper bound of the mass of q on the stretch
};

/// Tiles of [low, high] for contours of one height (docs/proved.md, P3). Stretches are `width` wide
/// at most and halved while mass e^{rise^2/(2 sd^2)} exceeds e^{worst}, up to seven times.
std::vector<ContourTile> contour_tiles(const MeanMap& map, int t, const GaussSum& q, double sd,
                                       double low, double high, double height, double width,
                                       double worst);

}  // namespace lemmabench
