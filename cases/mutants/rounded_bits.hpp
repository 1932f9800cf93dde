#pragma once

#include <cmath>
#include <type_traits>

#include "numerics/error.hpp"
#include "numerics/jet.hpp"
#include "numerics/scalar.hpp"

namespace lemmabench {

/// x rounded to nearest in `bits` bits, with an unlimited exponent: what a variable of a shorter
/// format would hold. Of a ball the midpoint is rounded and the radius dropped, so that the result
/// is one number, the same at every precision that tells it from a tie. Refuses series.
template <class Real>
Real rounded_to_bits(const Real& x, int bits) {
  if constexpr (std::is_same_v<Real, double>) {
    int exponent = 0;
    const double mantissa = std::frexp(x, &exponent);
    return std::ldexp(std::nearbyint(std::ldexp(mantissa, bits)), exponent - bits);
  } else if constexpr (is_ball<Real>) {
    Real out = x.midpoint();
    arf_set_round(arb_midref(out.raw()), arb_midref(out.raw()), bits, ARF_RND_NEAR);
    return out;
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
