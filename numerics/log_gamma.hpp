#pragma once

#include <cmath>

namespace lemmabench {

/// log Gamma(x) for x > 0 in double, to about an ulp (glibc). std::lgamma gives the same number and
/// writes the sign of Gamma to a global besides, which several threads must not.
inline double log_gamma(double x) {
  int sign = 0;
  return ::lgamma_r(x, &sign);
}

}  // namespace lemmabench
