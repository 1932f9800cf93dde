#pragma once

#include <cmath>
#include <limits>

namespace lemmabench {

/// A kernel y e -> m(y) e + sigma Z in R^d on the scale of sigma: the new radius is about
/// R = sqrt(m^2 + (d-1) sigma^2) and within reach sigma of it, because it is a 1-Lipschitz function
/// of the noise. Radii are given by v = log(|y|/sqrt(d)).
class RadialNoise {
 public:
  RadialNoise(long dim, double sigma, double reach)
      : rest_(static_cast<double>(dim - 1)),
        scale_(std::sqrt(static_cast<double>(dim)) / sigma),
        reach_(reach) {}

  /// log(|m|/rho) of the means from which a radius rho can be reached; -infinity for m = 0.
  struct Lean {
    double low;
    double high;
  };

  /// rho/sigma or m/sigma.
  double in_sigma(double v) const { return scale_ * std::exp(v); }
  /// R/sigma for a mean at v.
  double middle(double v) const { return std::sqrt(in_sigma(v) * in_sigma(v) + rest_); }
  /// rho^2/sigma^2.
  double power(double v) const { return in_sigma(v) * in_sigma(v); }
  /// v of radius sigma.
  double unit() const { return -std::log(scale_); }
  /// v of radius R + part sigma >= sigma for a mean at v, to full accuracy against v where the
  /// kernel is narrow.
  double radius(double v, double part) const {
    const double k = in_sigma(v);
    const double rest = (rest_ + part * (2 * middle(v) + part)) / k / k;  // (R + part)^2/m^2 - 1
    return rest < 1 ? v + 0.5 * std::log1p(rest) : unit() + std::log(middle(v) + part);
  }

  Lean lean(double v) const {
    const double k = in_sigma(v);
    const double rest = (reach_ * reach_ - rest_) / k / k;
    const double high = 2 * reach_ / k + rest;
    const double low = k > reach_ ? -2 * reach_ / k + rest : -1;
    constexpr double kNone = -std::numeric_limits<double>::infinity();
    return {low > -1 ? 0.5 * std::log1p(low) : kNone, high > -1 ? 0.5 * std::log1p(high) : kNone};
  }

 private:
  double rest_;
  double scale_;
  double reach_;
};

}  // namespace lemmabench
