#pragma once

#include <boost/math/special_functions/gamma.hpp>
#include <cmath>

#include "numerics/log_gamma.hpp"

namespace lemmabench {

/// In double throughout.
using DoublePolicy = boost::math::policies::policy<boost::math::policies::promote_double<false>>;

/// The regularised incomplete gamma functions P(a, x) and Q(a, x) = 1 - P(a, x), a > 0, x >= 0
/// (infinity allowed), to a few hundred eps. Boost 1.74 throws for a > 170 and x far below a, where
/// it forms Gamma(a+1); there the power series
///   P(a, x) = x^a e^{-x}/Gamma(a+1) (1 + x/(a+1) + x^2/((a+1)(a+2)) + ...)   [DLMF 8.11.4]
/// is summed in logarithms: for x < a/100 its terms fall by 100 each.
inline double regularised_gamma_p(double a, double x) {
  if (std::isinf(x)) return 1;
  if (!(a > 100 && x < a / 100)) return boost::math::gamma_p(a, x, DoublePolicy());
  if (!(x > 0)) return 0;
  double sum = 1;
  double term = 1;
  for (int k = 1; term > 1e-17; ++k) {
    term *= x / (a + k);
    sum += term;
  }
  return sum * std::exp(a * std::log(x) - x - log_gamma(a + 1));
}

inline double regularised_gamma_q(double a, double x) {
  if (std::isinf(x)) return 0;
  if (a > 100 && x < a / 100) return 1 - regularised_gamma_p(a, x);
  return boost::math::gamma_q(a, x, DoublePolicy());
}

}  // namespace lemmabench
