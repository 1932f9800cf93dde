#include "numerics/log_functions.hpp"

#include <algorithm>

#include "numerics/mp.hpp"

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

void log1p_minus(acb_t result, const acb_t x, long prec) {
  mag_t size;
  mag_init(size);
  acb_get_mag(size, x);
  if (mag_cmp_2exp_si(size, -1) >= 0) {
    acb_indeterminate(result);
  } else if (mag_is_zero(size) != 0) {
    acb_zero(result);
  } else {
    // -x^2 (1/2 - x/3 + ... + (-x)^(n-1)/(n+1) + rest), |rest| <= |x|^n.
    const long wanted = std::clamp(std::min(acb_rel_accuracy_bits(x), prec) + 16, 32L, prec);
    const long n =
        1 + static_cast<long>(static_cast<double>(wanted) / -mag_get_d_log2_approx(size));
    acb_t sum;
    arb_t coefficient;
    acb_init(sum);
    arb_init(coefficient);
    for (long k = n - 1; k >= 0; --k) {
      acb_mul(sum, sum, x, wanted);
      acb_neg(sum, sum);
      arb_set_ui(coefficient, 1);
      arb_div_ui(coefficient, coefficient, static_cast<ulong>(k) + 2, wanted);
      acb_add_arb(sum, sum, coefficient, wanted);
    }
    mag_pow_ui(size, size, static_cast<ulong>(n));
    acb_add_error_mag(sum, size);
    acb_mul(sum, sum, x, wanted);
    acb_mul(sum, sum, x, wanted);
    acb_neg(result, sum);
    acb_clear(sum);
    arb_clear(coefficient);
  }
  mag_clear(size);
}

}  // namespace lemmabench
