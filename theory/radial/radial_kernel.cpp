#include "theory/radial/radial_kernel.hpp"

#include <cmath>
#include <numbers>

#include "numerics/log_bessel.hpp"
#include "numerics/log_gamma.hpp"

namespace lemmabench {
namespace {

constexpr double kTwoPi = 2 * std::numbers::pi;
constexpr double kNothing = 45;  // e^-45 = 3e-20

/// cosh t - 1 and e^t - 1 - t, which cancel for small t.
struct Bends {
  double even;
  double full;
};

Bends bends(double t) {
  const double s = t * t;
  if (s < 0.09) {
    const double even = 0.5 * s * (1 + s / 12 * (1 + s / 30 * (1 + s / 56 * (1 + s / 90))));
    const double odd = t * s / 6 * (1 + s / 20 * (1 + s / 42 * (1 + s / 72 * (1 + s / 110))));
    return {even, even + odd};
  }
  const double half = std::sinh(0.5 * t);
  return {2 * half * half, std::expm1(t) - t};
}

}  // namespace

RadialKernel::RadialKernel(long dim)
    : dim_(dim), order_(0.5 * static_cast<double>(dim) - 1), log_gamma_(log_gamma(order_ + 1)) {}

RadialKernel::Parts RadialKernel::folded(double power, double lean) const {
  const double gap = std::expm1(lean);
  const double apart = 2 * power * (gap + 1);  // of the image at -m
  const double image = apart < kNothing ? std::exp(-apart) : 0;
  return {-0.5 * power * gap * gap, std::sqrt(power / kTwoPi) * (1 + image)};
}

RadialKernel::Parts RadialKernel::by_series(double power, double z) const {
  const double other = z / power * z;  // m^2/sigma^2
  return {(order_ + 1) * std::log(0.5 * power) - 0.5 * (power + other) - log_gamma_,
          2 * bessel_i_power_series(order_, 0.25 * z * z)};
}

RadialKernel::Parts RadialKernel::parts(double power, double lean) const {
  if (dim_ == 1) {
    return folded(power, lean);
  }
  const double z = power * std::exp(lean);
  const double w = std::sqrt(order_ * order_ + z * z);
  if (w < kDebyeFrom) {
    return by_series(power, z);
  }
  // For z > N the kernel may be as narrow as it likes: t from the difference of logs itself.
  const double t = z > order_ ? -(lean + std::asinh(order_ / z)) : std::log(power / (order_ + w));
  const Bends b = bends(t);
  return {-z * z / (w + order_) * b.even - order_ * b.full,
          power / std::sqrt(kTwoPi * w) * debye_sum(order_, w)};
}

double RadialKernel::density(double power, double lean) const {
  const Parts at = parts(power, lean);
  return at.exponent > -2 * kNothing ? at.factor * std::exp(at.exponent) : 0;
}

double RadialKernel::log_density(double power, double lean) const {
  const Parts at = parts(power, lean);
  return at.exponent + std::log(at.factor);
}

double log_radius_peak(long dim) {
  const double x = 0.5 * static_cast<double>(dim);
  if (x < 10) {
    return std::numbers::ln2 + x * std::log(x) - x - log_gamma(x);
  }
  // Stirling (DLMF 5.11.1): log Gamma(x) = (x-1/2) log x - x + log(2 pi)/2 + 1/(12 x) - ...
  const double y = 1 / (x * x);
  const double rest =
      (1.0 / 12 - y * (1.0 / 360 - y * (1.0 / 1260 - y * (1.0 / 1680 - y / 1188)))) / x;
  return std::numbers::ln2 + 0.5 * std::log(x / kTwoPi) - rest;
}

}  // namespace lemmabench
