#include "theory/shell_marginal.hpp"

#include <algorithm>
#include <cmath>

#include "numerics/log_bessel.hpp"

namespace lemmabench {

ShellMarginal::ShellMarginal(long dim, double radius, const Level<double>& level)
    : kernel_(dim),
      radius_(radius),
      level_(level),
      log_mean_(std::log(radius) + 0.5 * std::log(level.abar)) {}

/// z = m |x|/sigma^2.
double ShellMarginal::argument(double v) const {
  return static_cast<double>(kernel_.dim()) * std::exp(log_mean_ + v) / level_.noise;
}

double ShellMarginal::log_density(double v) const {
  const double power = static_cast<double>(kernel_.dim()) * std::exp(2 * v) / level_.noise;
  return kernel_.log_density(power, log_mean_ - v);
}

double ShellMarginal::posterior_mean(double v) const {
  return radius_ * bessel_i_ratio(0.5 * static_cast<double>(kernel_.dim()) - 1, argument(v));
}

double ShellMarginal::score_factor(double v) const {
  const double ratio = bessel_i_ratio(0.5 * static_cast<double>(kernel_.dim()) - 1, argument(v));
  return (ratio * std::exp(log_mean_ - v) - 1) / level_.noise;
}

double ShellMarginal::second_moment() const {
  return level_.abar * radius_ * radius_ + level_.noise;
}

RadialFeature ShellMarginal::feature(double negligible) const {
  // |X_t| is within k sigma of its middle sqrt(m^2 + (d-1) sigma^2) but for e^{-k^2/2}.
  const double d = static_cast<double>(kernel_.dim());
  const double sigma = std::sqrt(level_.noise / d);
  const double middle = std::sqrt(std::exp(2 * log_mean_) + level_.noise * (d - 1) / d);
  const double depth = -std::log(negligible);
  const double reach = (std::sqrt(2 * depth) + 1) * sigma;
  const double least = std::log(sigma) - depth / d - 1;
  const double low = reach < middle ? std::max(std::log(middle - reach), least) : least;
  return {low, std::log(middle + reach), 2 * sigma / middle};
}

}  // namespace lemmabench
