#pragma once

#include <optional>

#include "reports/figures/series.hpp"

namespace lemmabench {

/// T*(eps), read off a series.
struct ReadOff {
  double steps = 0;
  double error = 0;  ///< of the interpolation: how far the straight line lies from the parabola
  Evidence evidence = Evidence::computed;
};

/// Where TV falls to `eps` between two neighbouring step counts of the series: by a parabola
/// through the three nearest points in log T against log TV (a straight line if there are two), not
/// rounded to a whole number. Nothing when eps lies outside the range of the series (no
/// extrapolation) or TV does not fall there.
std::optional<ReadOff> least_steps(const Series& series, double eps);

}  // namespace lemmabench
