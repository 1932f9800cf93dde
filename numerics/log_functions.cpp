#include "numerics/log_functions.hpp"

#include <algorithm>

namespace lemmabench {

template <class Real>
Real log1p_excess(const Real& x) {
  using std::abs;
  using std::log1p;
  if (2 * abs(x) <= 1) {
    // Terms fall by 9 or more, so this leaves less than one unit in the last place.
    const Real enough = abs(x) * std::numeric_limits<Real>::epsilon() / 4;
    return log1p_excess_series(x, [&](const Real& term) { return abs(term) <= enough; });
  }
  return log1p(x) / x - 1;
}

template <class Real>
Real log1p_minus(const Real& x) {
  using std::abs;
  using std::log1p;
  return 2 * abs(x) <= 1 ? Real(x * log1p_excess(x)) : Real(log1p(x) - x);
}

template <class Real>
Real log1p_minus_fraction(const Real& x) {
  using std::abs;
  using std::log1p;
  // With y = -x/(1+x), log(1+x) - x/(1+x) = -(log(1+y) - y).
  const Real y = -x / (1 + x);
  return 2 * abs(y) <= 1 ? Real(-log1p_minus(y)) : Real(log1p(x) + y);
}

#define LEMMABENCH_INSTANTIATE(Real)             \
  template Real log1p_excess<Real>(const Real&); \
  template Real log1p_minus<Real>(const Real&);  \
  template Real log1p_minus_fraction<Real>(const Real&);
LEMMABENCH_FOR_EACH_FLOAT(LEMMABENCH_INSTANTIATE)
#undef LEMMABENCH_INSTANTIATE

namespace {

/// log(1+m) - m for an exact m.
Ball log1p_minus_at(const Ball& m) {
  const long bits = PrecisionScope::bits();
  if (arb_is_zero(m.raw()) != 0) {
    return Ball(0);
  }
  if (arf_cmpabs_2exp_si(arb_midref(m.raw()), -bits) < 0) {
    // |log(1+m) - m + m^2/2| <= |m|^3/2 for |m| <= 1/4: more bits would only serve the subtraction.
    const Ball square = m * m;
    return Ball::around(-square / 2, square * m.magnitude_upper());
  }
  const long lost = -arf_abs_bound_lt_2exp_si(arb_midref(m.raw()));
  const PrecisionScope scope(bits + 8 + std::max(0L, lost));
  Ball result = log1p(m) - m;
  arb_set_round(result.raw(), result.raw(), bits);
  return result;
}

/// f(mid) + f'(x) (x - mid), which contains f(x) for every point of the ball.
Ball mean_value_form(const Ball& at_midpoint, const Ball& derivative, const Ball& x) {
  return Ball::around(at_midpoint, derivative.magnitude_upper() * x.radius());
}

}  // namespace

template <>
Ball log1p_minus<Ball>(const Ball& x) {
  const Ball m = x.midpoint();
  return mean_value_form(log1p_minus_at(m), x / (x + 1), x);
}

template <>
Ball log1p_minus_fraction<Ball>(const Ball& x) {
  const Ball m = x.midpoint();
  const Ball shifted = m + 1;
  // log(1+m) - m/(1+m) = (log(1+m) - m) + m^2/(1+m): the two add up to about m^2/2 from -m^2/2 and
  // m^2, so nothing cancels beyond two bits for small m; for large m both sides are of size m.
  const Ball value = arf_cmpabs_2exp_si(arb_midref(m.raw()), 0) < 0
                         ? log1p_minus_at(m) + m * m / shifted
                         : log1p(m) - m / shifted;
  const Ball wide = x + 1;
  return mean_value_form(value, x / (wide * wide), x);
}

template <>
Ball log1p_excess<Ball>(const Ball& x) {
  const Ball m = x.midpoint();
  const Ball value = arb_is_zero(m.raw()) != 0 ? Ball(0) : log1p_minus_at(m) / m;
  // d/dx (log(1+x)/x) = -(log(1+x) - x/(1+x))/x^2, and its modulus is decreasing in x on (-1, inf)
  // (1/2 at 0), so its largest value is at the left end.
  const Ball left = m - x.radius();
  const Ball slope = arb_contains_zero(left.raw()) != 0
                         ? Ball(1)  // near 0, where 1/2 is the limit
                         : log1p_minus_fraction(left) / (left * left);
  return mean_value_form(value, slope, x);
}

}  // namespace lemmabench
