#pragma once

#include <cstddef>
#include <vector>

#include "numerics/panels.hpp"

namespace lemmabench {

/// What a kernel's map does to one panel of a law of v = log(|y|/sqrt(d)).
struct RadialImage {
  double low;  ///< of M(u) = log(|m|/sqrt(d)) over the panel; -infinity where m changes sign
  double high;
  double least_slope;  ///< of M
  double tail;         ///< what the panel polynomial of M - u misses
  bool one_sign;
};

/// The map u -> M(u) = u + D(u), D = log(|m|/r), r = sqrt(d) e^u, as panel polynomials of D: exact
/// to 1e-16 of the radius when m is nearly r.
class RadialMap {
 public:
  /// `mean` holds m at the nodes of `source`.
  RadialMap(const PanelFunction<double>& source, const double* mean, double root_dim);

  const RadialImage& image(std::size_t i) const { return images_[i]; }
  /// M at the nodes of panel i.
  const double* at_nodes(std::size_t i) const { return log_mean_.data() + i * order_; }
  /// Channel 0 is D, channel 1 its derivative.
  const PanelFunction<double>& displacement() const { return displacement_; }
  /// s with M(v + s) = v + lean and v + s in panel i (of one sign, increasing), clipped to the
  /// panel; `slope` becomes M'. Newton's method in s.
  double solve(std::size_t i, double v, double lean, double* slope) const;

 private:
  RadialImage survey(std::size_t i, const double* mean, const double* displacement,
                     const double* series, const double* slope_series) const;

  const PanelFunction<double>& source_;
  std::size_t order_;
  std::vector<double> log_mean_;
  std::vector<RadialImage> images_;
  PanelFunction<double> displacement_;
};

}  // namespace lemmabench
