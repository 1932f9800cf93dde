#include "theory/radial/isotropic_excess.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "numerics/incomplete_gamma.hpp"

namespace lemmabench {
namespace {

/// P(chi2_m <= x) and its complement.
double lower(double x, double m) { return regularised_gamma_p(m / 2, x / 2); }
double upper(double x, double m) { return regularised_gamma_q(m / 2, x / 2); }

}  // namespace

IsotropicExcess::IsotropicExcess(double e, long m)
    : e_(e), m_(static_cast<double>(m)), rule_(gauss_legendre<double>(10)) {}

double IsotropicExcess::threshold(double p, double difference) const {
  const double ratio = difference / p;
  const double log_ratio =
      ratio > -1 ? std::log1p(ratio) : -std::numeric_limits<double>::infinity();
  return (1 + e_) * (m_ * (std::log1p(e_) / e_) - 2 * (log_ratio / e_));
}

double IsotropicExcess::operator()(double p, double difference) const {
  if (!(p > 0)) {
    return 0;
  }
  const double c = std::max(0.0, threshold(p, difference));
  const double other = c / (1 + e_);
  return p * between(std::min(c, other), std::abs(e_) * other) -
         difference * (e_ > 0 ? lower(other, m_) : upper(other, m_));
}

/// F(a + width) - F(a), a >= 0, by the density where that is smooth between them: where its
/// logarithm changes by a few units at most.
double IsotropicExcess::between(double a, double width) const {
  if (!(width > 0) || std::isinf(a)) {
    return 0;
  }
  const double b = a + width;
  if (width > 0.5 * std::min(a, std::sqrt(a)) || m_ * width > 10 * a) {
    return a > m_ ? upper(a, m_) - upper(b, m_) : lower(b, m_) - lower(a, m_);
  }
  double sum = 0;
  for (std::size_t k = 0; k < rule_.nodes.size(); ++k) {
    const double x = a + 0.5 * width * (1 + rule_.nodes[k]);
    sum += rule_.weights[k] * boost::math::gamma_p_derivative(m_ / 2, x / 2, DoublePolicy());
  }
  return 0.25 * width * sum;  // half the width, and dx/2
}

}  // namespace lemmabench
