#include "numerics/chi_square.hpp"

#include <fmt/format.h>

#include <bit>

#include "numerics/error.hpp"

namespace lemmabench {
namespace {

void require_domain(const Ball& x, long d) {
  if (d < 1) {
    throw InputError(fmt::format("chi-square: {} degrees of freedom; use 1 or more", d));
  }
  if (arb_is_nonnegative(x.raw()) == 0) {
    throw NumericalFailure("chi-square: the argument is not certainly nonnegative");
  }
}

// Below monotone() x is exact, and its midpoint is x.

/// sum_{j>=0} y^j / ((k+1)...(k+j)) for exact 0 <= x = 2y <= d = 2k.
Ball positive_series(const Ball& x, long d) {
  const long bits = PrecisionScope::bits();
  Ball term(1);
  Ball sum(1);
  for (long j = 1;; ++j) {
    // From here on every ratio is at most x/(d+2j) <= d/(d+2j), so what is left is at most
    // term * sum_i (d/(d+2j))^i = term * d/(2j).
    arb_mul(term.raw(), term.raw(), x.raw(), bits);
    arb_div_si(term.raw(), term.raw(), d + 2 * j, bits);
    sum += term;
    if (arf_cmpabs_2exp_si(arb_midref(term.raw()), -bits) < 0) {
      const Ball left = term.magnitude_upper() * Ball(Rational(d, 2 * j));
      if (arf_cmpabs_2exp_si(arb_midref(left.raw()), -bits) < 0) {
        return Ball::around(sum, left);
      }
    }
  }
}

Ball upper_at(const Ball& x, long d) {
  const long bits = PrecisionScope::bits();
  const Ball k(Rational(d, 2));
  const Ball y = x / 2;
  Ball result;
  for (long working = bits + 32; working <= 16 * (bits + 32); working *= 2) {
    arb_hypgeom_gamma_upper(result.raw(), k.raw(), y.raw(), 1, working);
    if (result.relative_accuracy_bits() >= bits - 2) {
      break;
    }
  }
  arb_set_round(result.raw(), result.raw(), bits);
  return result;
}

Ball lower_at(const Ball& x, long d) {
  if (arb_is_zero(x.raw()) != 0) {
    return Ball(0);
  }
  if (arf_cmp_si(arb_midref(x.raw()), d) > 0) {
    return 1 - upper_at(x, d);
  }
  const long bits = PrecisionScope::bits();
  Ball result;
  {
    // y^k e^{-y}/Gamma(k+1) is an exponential of numbers of size d log d: as many bits are lost.
    const PrecisionScope scope(bits + 32 +
                               static_cast<long>(std::bit_width(static_cast<unsigned long>(d))));
    const Ball k(Rational(d, 2));
    const Ball y = x / 2;
    result = exp(k * log(y) - y - lgamma(k + 1)) * positive_series(x, d);
  }
  arb_set_round(result.raw(), result.raw(), bits);
  return result;
}

/// An increasing or decreasing function at both ends of the ball.
template <class F>
Ball monotone(const Ball& x, F f) {
  if (x.exact()) {
    return f(x);
  }
  const PrecisionScope scope(PrecisionScope::bits() + 32);
  Ball low = x.magnitude_lower();
  Ball high = x.magnitude_upper();
  return Ball::hull(f(low), f(high));
}

}  // namespace

Ball chi_square_lower(const Ball& x, long d) {
  require_domain(x, d);
  return monotone(x, [d](const Ball& point) { return lower_at(point, d); });
}

Ball chi_square_upper(const Ball& x, long d) {
  require_domain(x, d);
  return monotone(x, [d](const Ball& point) { return upper_at(point, d); });
}

}  // namespace lemmabench
