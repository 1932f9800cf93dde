#pragma once

#include <string>
#include <vector>

#include "numerics/order_fit.hpp"
#include "reports/figures/series.hpp"

namespace lemmabench {

/// What an order is measured on.
struct Measured {
  std::string quantity;
  std::vector<ScalingPoint> points;
};

/// TV at every T of the series.
Measured tv_of(const Series& series);

/// |v/w - 1| of the eigenvalue that is worst at the largest T: what theory.md section 3 states the
/// order on a single Gaussian for. Gaussian targets only.
Measured variance_error_of(const Series& series);

/// The fit, with the log factors the sampler is known to have under a schedule with log T in its
/// step divided out.
ExponentFit fit_order(const Series& series, const Measured& measured, ScalingModel model);

}  // namespace lemmabench
