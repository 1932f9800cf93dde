#pragma once

#include "numerics/ball.hpp"

/// Functions of balls beyond the elementary ones of numerics/ball.hpp.
namespace lemmabench {

/// erf(x) and erfc(x) = 1 - erf(x), the latter to full relative accuracy in its tail.
inline Ball erf(const Ball& x) {
  Ball result;
  arb_hypgeom_erf(result.raw(), x.raw(), PrecisionScope::bits());
  return result;
}
inline Ball erfc(const Ball& x) {
  Ball result;
  arb_hypgeom_erfc(result.raw(), x.raw(), PrecisionScope::bits());
  return result;
}

/// The larger and the smaller of two numbers, whichever that is.
inline Ball larger(const Ball& a, const Ball& b) {
  Ball result;
  arb_max(result.raw(), a.raw(), b.raw(), PrecisionScope::bits());
  return result;
}
inline Ball smaller(const Ball& a, const Ball& b) {
  Ball result;
  arb_min(result.raw(), a.raw(), b.raw(), PrecisionScope::bits());
  return result;
}

/// x^2, which is never negative, unlike x * x on a ball around 0.
inline Ball square(const Ball& x) {
  Ball result;
  arb_sqr(result.raw(), x.raw(), PrecisionScope::bits());
  return result;
}

}  // namespace lemmabench
