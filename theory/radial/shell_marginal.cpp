#include "theory/radial/shell_marginal.hpp"

#include <algorithm>
#include <cmath>

#include "numerics/log_bessel.hpp"

namespace lemmabench {
namespace {

constexpr double kLargeArgument = 1e6;

}  // namespace

ShellMarginal::ShellMarginal(long dim, double radius, const Level<double>& level, bool centred)
    : kernel_(dim),
      radius_(radius),
      level_(level),
      log_mean_(std::log(radius) + 0.5 * std::log(level.abar)),
      log_unit_(centred ? log_mean_ : 0),
      log_mean_in_unit_(log_mean_ - log_unit_) {}

/// z = m |x|/sigma^2.
double ShellMarginal::argument(double v) const {
  return static_cast<double>(kernel_.dim()) * std::exp(log_mean_ + log_unit_ + v) / level_.noise;
}

double ShellMarginal::log_density(double v) const {
  const double power =
      static_cast<double>(kernel_.dim()) * std::exp(2 * (log_unit_ + v)) / level_.noise;
  return kernel_.log_density(power, log_mean_in_unit_ - v);
}

double ShellMarginal::posterior_mean(double v) const {
  return radius_ * bessel_i_ratio(0.5 * static_cast<double>(kernel_.dim()) - 1, argument(v));
}

// R solves R' = 1 - (d-1) R/z - R^2 (DLMF 10.29.2). For large z it follows the root e^{-asinh a},
// a = (d-1)/(2z), of the right-hand side; one correction by R' leaves an error of order a/z^2.
double ShellMarginal::log_ratio(double v) const {
  const double z = argument(v);
  const double d = static_cast<double>(kernel_.dim());
  if (z < kLargeArgument) {
    return std::log(bessel_i_ratio(0.5 * d - 1, z));
  }
  const double a = 0.5 * (d - 1) / z;
  return -std::asinh(a) - 0.5 * a / (z * (1 + a * a));
}

double ShellMarginal::score_factor(double v) const {
  return std::expm1(log_ratio(v) + (log_mean_in_unit_ - v)) / level_.noise;
}

double ShellMarginal::second_moment() const {
  return level_.abar * radius_ * radius_ + level_.noise;
}

RadialFeature ShellMarginal::feature(double negligible) const {
  // |X_t| is within k sigma of its middle sqrt(m^2 + (d-1) sigma^2) but for e^{-k^2/2}.
  const double d = static_cast<double>(kernel_.dim());
  const double sigma = std::sqrt(level_.noise / d) * std::exp(-log_mean_);  // in m, as all here
  const double middle = std::sqrt(1 + sigma * sigma * (d - 1));
  const double log_middle = 0.5 * std::log1p(sigma * sigma * (d - 1));
  const double depth = -std::log(negligible);
  const double reach = (std::sqrt(2 * depth) + 1) * sigma / middle;
  const double least = std::log(sigma) - depth / d - 1;
  const double low = reach < 1 ? std::max(log_middle + std::log1p(-reach), least) : least;
  return {low + log_mean_in_unit_, log_middle + std::log1p(reach) + log_mean_in_unit_,
          2 * sigma / middle};
}

}  // namespace lemmabench
