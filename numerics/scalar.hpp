#pragma once

#include <gmp.h>
#include <mpfr.h>

#include <cmath>
#include <limits>
#include <type_traits>

#include "numerics/ball.hpp"
#include "numerics/rational.hpp"

/// The closed list of scalars is double, Mp40, Mp80 and Ball. Templates over a scalar are declared
/// in headers and instantiated once, with LEMMABENCH_FOR_EACH_SCALAR or LEMMABENCH_FOR_EACH_FLOAT
/// (numerics/mp.hpp) in their source file. Headers that say `extern` of what most files use, say it
/// of double and Ball with these, so that few files parse the multiprecision of others.
#define LEMMABENCH_FOR_EACH_COMMON_FLOAT(apply) apply(double)
#define LEMMABENCH_FOR_EACH_COMMON_SCALAR(apply) apply(double) apply(::lemmabench::Ball)

namespace lemmabench {

template <class Real>
inline constexpr bool is_ball = std::is_same_v<Real, Ball>;

/// Converts an exact rational to a scalar: nearest for double and Mp, an enclosure for Ball.
template <class Real>
Real from_rational(const Rational& x) {
  if constexpr (is_ball<Real>) {
    return Ball(x);
  } else if constexpr (std::is_same_v<Real, double>) {
    return x.to_double();
  } else {
    // mpfr_set_q rounds once.
    mpq_t exact;
    mpq_init(exact);
    fmpq_get_mpq(exact, x.raw());
    Real out;
    mpfr_set_q(out.backend().data(), exact, MPFR_RNDN);
    mpq_clear(exact);
    return out;
  }
}

/// Nearest double of a scalar (the midpoint of a ball): for plots and starting guesses.
template <class Real>
double to_double(const Real& x) {
  if constexpr (is_ball<Real>) {
    return x.to_double();
  } else {
    return static_cast<double>(x);
  }
}

template <class Real>
Real pi() {
  if constexpr (is_ball<Real>) {
    return Ball::pi();
  } else if constexpr (std::is_same_v<Real, double>) {
    return 3.14159265358979323846;
  } else {
    static const Real value = acos(Real(-1));
    return value;
  }
}

}  // namespace lemmabench
