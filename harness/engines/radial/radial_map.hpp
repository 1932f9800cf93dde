#pragma once

#include <cstddef>
#include <vector>

#include "numerics/panels.hpp"

namespace lemmabench {

/// The means of a kernel y e -> m(y) e + sigma Z at the nodes of a law of v = log(|y|/sqrt(d)),
/// both radii counted from their own units (radial_walk.hpp).
struct RadialMeans {
  std::vector<double> displacement;  ///< log(|m|/r), with relative accuracy
  std::vector<bool> positive;        ///< m > 0
  bool kinked = false;               ///< a clip has cut off part of them
};

/// What a kernel's map does to one panel of a law of v = log(|y|/sqrt(d)).
struct RadialImage {
  double low;  ///< of M(u) = log(|m|/sqrt(d)) over the panel; -infinity where m changes sign
  double high;
  double least_slope;  ///< of M, at the nodes and ends
  double most_slope;
  double left;  ///< D and M' at the ends, as this panel's own polynomial has them
  double right;
  double left_slope;
  double right_slope;
  double tail;  ///< what the panel polynomial of M - u misses
  double size;  ///< max |M - u|
  bool one_sign;
};

/// The map u -> M(u) = u + D(u), D = log(|m|/r), r = sqrt(d) e^u, as panel polynomials of D: their
/// rounding is relative to D, however small a step.
class RadialMap {
 public:
  RadialMap(const PanelFunction<double>& source, const RadialMeans& means);

  const RadialImage& image(std::size_t i) const { return images_[i]; }
  /// M at the nodes of panel i.
  const double* at_nodes(std::size_t i) const { return log_mean_.data() + i * order_; }
  /// Channel 0 is D, channel 1 its derivative.
  const PanelFunction<double>& displacement() const { return displacement_; }
  bool kinked() const { return kinked_; }
  /// s with M(v + s) = v + lean and v + s in panel i (of one sign, increasing), clipped to the
  /// panel; `slope` becomes M'. Newton's method in s.
  double solve(std::size_t i, double v, double lean, double* slope) const;

 private:
  RadialImage survey(std::size_t i, bool one_sign, const double* displacement, const double* series,
                     const double* slope_series) const;

  const PanelFunction<double>& source_;
  std::size_t order_;
  bool kinked_;
  std::vector<double> log_mean_;
  std::vector<RadialImage> images_;
  PanelFunction<double> displacement_;
};

}  // namespace lemmabench
