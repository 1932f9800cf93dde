#pragma once

#include "numerics/scalar.hpp"

/// log(1+x) with its leading terms taken off, without cancellation. Relative error a few units in
/// the last place for double and Mp (observed at most 4.4e-16 in double). For Ball the radius of
/// the argument is propagated by the mean value theorem, f(x) in f(mid) +- rad sup|f'|, because the
/// natural evaluation would lose log2(1/|x|) bits of it; x <= -1 gives an infinite radius.
namespace lemmabench {

/// log(1+x)/x - 1 = -x/2 + x^2/3 - ..., x > -1; 0 at x = 0. Does not underflow for tiny x.
template <class Real>
Real log1p_excess(const Real& x);

/// log(1+x) - x = -x^2/2 + x^3/3 - ..., x > -1.
template <class Real>
Real log1p_minus(const Real& x);

/// log(1+x) - x/(1+x) = x^2/2 - 2 x^3/3 + ..., x > -1.
template <class Real>
Real log1p_minus_fraction(const Real& x);

/// log(1+x) - x for a complex ball with |x| < 1/2 throughout, by as many Taylor terms as x has
/// bits, so that a wide ball gives a result of about twice its relative width, where log(1+x) - x
/// subtracts two wide balls. For |x| >= 1/2 the result is infinite. About prec/log2(1/|x|)
/// products.
void log1p_minus(acb_t result, const acb_t x, long prec);

/// The series behind the first three, for |x| <= 1/2, real or complex:
/// log(1+x)/x - 1 = (2 sum_{k>=1} r^{2k}/(2k+1) - x)/(2+x), r = x/(2+x), |r| <= 1/3.
/// `negligible(term)` says when to stop; at most one digit a term.
template <class Number, class Negligible>
Number log1p_excess_series(const Number& x, Negligible negligible) {
  const Number r = x / (x + 2);
  const Number y = r * r;
  Number power = y;
  Number sum = power / 3;
  for (int k = 2; !negligible(power); ++k) {
    power = power * y;
    sum = sum + power / (2 * k + 1);
  }
  return (sum * 2 - x) / (x + 2);
}

#define LEMMABENCH_EXTERN(Real)                         \
  extern template Real log1p_excess<Real>(const Real&); \
  extern template Real log1p_minus<Real>(const Real&);  \
  extern template Real log1p_minus_fraction<Real>(const Real&);
LEMMABENCH_FOR_EACH_COMMON_FLOAT(LEMMABENCH_EXTERN)
#undef LEMMABENCH_EXTERN

template <>
Ball log1p_excess<Ball>(const Ball& x);
template <>
Ball log1p_minus<Ball>(const Ball& x);
template <>
Ball log1p_minus_fraction<Ball>(const Ball& x);

}  // namespace lemmabench
