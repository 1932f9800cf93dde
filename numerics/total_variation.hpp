#pragma once

#include "numerics/panels.hpp"

namespace lemmabench {

/// int_{-1}^{1} |f| for the polynomial with these Legendre coefficients, split at its sign changes:
/// |f| has kinks there, and a quadrature across a kink keeps 5 digits of 50. Each piece is a
/// difference of the exact antiderivative. Sign changes are looked for between neighbours among the
/// Gauss-Legendre nodes and the ends, pairs of them where |f| has a minimum there, and refined to
/// the last digit. Cost O(order^2).
template <class Real>
Real absolute_integral(const LegendreBasis<Real>& basis, const Real* coefficients);

/// (1/2) int |f - g| over the line, f = channel `a` of `left` and g = channel `b` of `right`,
/// piecewise polynomials on the same dyadic line and basis; the finer panels win.
template <class Real>
Real total_variation(const PanelFunction<Real>& left, std::size_t a,
                     const PanelFunction<Real>& right, std::size_t b);

/// (1/2) int |f| of one channel.
template <class Real>
Real half_absolute_integral(const PanelFunction<Real>& f, std::size_t channel);

#define LEMMABENCH_EXTERN(Real)                                                          \
  extern template Real absolute_integral<Real>(const LegendreBasis<Real>&, const Real*); \
  extern template Real total_variation<Real>(const PanelFunction<Real>&, std::size_t,    \
                                             const PanelFunction<Real>&, std::size_t);   \
  extern template Real half_absolute_integral<Real>(const PanelFunction<Real>&, std::size_t);
LEMMABENCH_FOR_EACH_COMMON_FLOAT(LEMMABENCH_EXTERN)
#undef LEMMABENCH_EXTERN

}  // namespace lemmabench
