#pragma once

#include <cmath>
#include <type_traits>

#include "numerics/error.hpp"
#include "numerics/jet.hpp"
#include "numerics/scalar.hpp"

namespace lemmabench {

/// Rounding increases, so that the ends of a ball tell all: one number, exactly, where both round
/// to it, and both where a tie lies between them.
inline Ball rounded_to_bits_ball(const Ball& x, int bits) {
  Ball low;
  Ball high;
  // Exact ends: rounding twice could step over a tie.
  arb_get_interval_arf(arb_midref(low.raw()), arb_midref(high.raw()), x.raw(), ARF_PREC_EXACT);
  arf_set_round(arb_midref(low.raw()), arb_midref(low.raw()), bits, ARF_RND_NEAR);
  arf_set_round(arb_midref(high.raw()), arb_midref(high.raw()), bits, ARF_RND_NEAR);
  return arf_equal(arb_midref(low.raw()), arb_midref(high.raw())) != 0 ? low
                                                                       : Ball::hull(low, high);
}

/// x rounded to nearest in `bits` bits, with an unlimited exponent: what a variable of a shorter
/// format would hold. Of a ball an enclosure of the rounded number, whose radius is 0 at every
/// precision that tells it from a tie. Refuses series.
template <class Real>
Real rounded_to_bits(const Real& x, int bits) {
  if constexpr (std::is_same_v<Real, double>) {
    int exponent = 0;
    const double mantissa = std::frexp(x, &exponent);
    return std::ldexp(std::nearbyint(std::ldexp(mantissa, bits)), exponent - bits);
  } else if constexpr (is_ball<Real>) {
    return x.finite() ? rounded_to_bits_ball(x, bits) : x;
  } else if constexpr (is_jet<Real>) {
    throw EngineRefusal("a rounded coefficient has no Taylor series; leave this bug out");
  } else {
    Real out = x;
    mpfr_t shorter;
    mpfr_init2(shorter, bits);
    mpfr_set(shorter, x.backend().data(), MPFR_RNDN);
    mpfr_set(out.backend().data(), shorter, MPFR_RNDN);
    mpfr_clear(shorter);
    return out;
  }
}

}  // namespace lemmabench
