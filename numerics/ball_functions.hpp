#pragma once

#include <limits>

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

/// The larger and the smaller of two numbers, whichever that is: the ball of it where the order is
/// certain, an enclosure of both where it is not. Never decided by midpoints.
inline Ball larger(const Ball& a, const Ball& b) {
  if (arb_ge(a.raw(), b.raw()) != 0) {
    return a;
  }
  if (arb_le(a.raw(), b.raw()) != 0) {
    return b;
  }
  Ball result;
  arb_max(result.raw(), a.raw(), b.raw(), PrecisionScope::bits());
  return result;
}
inline Ball smaller(const Ball& a, const Ball& b) {
  if (arb_le(a.raw(), b.raw()) != 0) {
    return a;
  }
  if (arb_ge(a.raw(), b.raw()) != 0) {
    return b;
  }
  Ball result;
  arb_min(result.raw(), a.raw(), b.raw(), PrecisionScope::bits());
  return result;
}

/// The ends of a ball as exact numbers, rounded outward to the working precision.
inline Ball lower_end(const Ball& x) {
  Ball result;
  arb_get_lbound_arf(arb_midref(result.raw()), x.raw(), PrecisionScope::bits());
  return result;
}
inline Ball upper_end(const Ball& x) {
  Ball result;
  arb_get_ubound_arf(arb_midref(result.raw()), x.raw(), PrecisionScope::bits());
  return result;
}

/// The ends as doubles, rounded outward; a ball that is not finite bounds nothing.
inline double lower_double(const Ball& x) {
  return x.finite() ? arf_get_d(arb_midref(lower_end(x).raw()), ARF_RND_FLOOR)
                    : -std::numeric_limits<double>::infinity();
}
inline double upper_double(const Ball& x) {
  return x.finite() ? arf_get_d(arb_midref(upper_end(x).raw()), ARF_RND_CEIL)
                    : std::numeric_limits<double>::infinity();
}

/// x^2, which is never negative, unlike x * x on a ball around 0.
inline Ball square(const Ball& x) {
  Ball result;
  arb_sqr(result.raw(), x.raw(), PrecisionScope::bits());
  return result;
}

}  // namespace lemmabench
