#pragma once

#include <cstddef>
#include <memory>
#include <vector>

#include "numerics/scalar.hpp"

namespace lemmabench {

/// Nodes and weights of a quadrature rule, nodes ascending.
template <class Real>
struct QuadratureRule {
  std::vector<Real> nodes;
  std::vector<Real> weights;
};

/// Gauss-Legendre on [-1, 1]: exact for polynomials of degree 2 order - 1, weights sum to 2.
/// Newton's method on the three-term recurrence; accurate to a few units in the last place.
/// `order` 1 to 512, else InputError. Cost O(order^2).
/// Source: Press et al., Numerical Recipes (3rd ed.), section 4.6.1.
template <class Real>
QuadratureRule<Real> gauss_legendre(int order);

/// Polynomials of degree < order on [-1, 1], as values at the Gauss-Legendre nodes or as
/// coefficients c of sum_n c_n P_n. Immutable; make one a precision and order and share it.
template <class Real>
class LegendreBasis {
 public:
  /// `order` 2 to 512. Cost O(order^3).
  explicit LegendreBasis(int order);

  int order() const { return order_; }
  const std::vector<Real>& nodes() const { return rule_.nodes; }
  const std::vector<Real>& weights() const { return rule_.weights; }

  /// values[order] at the nodes -> coefficients[order]; exact for degree < order.
  void coefficients(const Real* values, Real* out) const;
  /// sum_n c_n P_n(x_i) at `count` points (Clenshaw's recurrence; doubles all abreast,
  /// numerics/clenshaw.hpp). The points may lie a little outside [-1, 1]; the error then grows
  /// like |x + sqrt(x^2-1)|^order.
  void evaluate(const Real* coefficients, const Real* points, std::size_t count, Real* out) const;
  Real evaluate(const Real* coefficients, const Real& point) const;
  /// sum c_n at +1 and sum (-1)^n c_n at -1.
  Real at_right(const Real* coefficients) const;
  Real at_left(const Real* coefficients) const;
  /// Coefficients of the derivative (same length, the last is 0).
  void derivative(const Real* coefficients, Real* out) const;
  /// Coefficients [order + 1] of the antiderivative that vanishes at -1.
  void antiderivative(const Real* coefficients, Real* out) const;
  /// From the values on the whole interval to the values at the nodes of its left or right half,
  /// by interpolation.
  void left_half(const Real* values, Real* out) const { apply(to_left_, values, out); }
  void right_half(const Real* values, Real* out) const { apply(to_right_, values, out); }
  /// From the values on the two halves to the values at the nodes of the whole.
  void join(const Real* left, const Real* right, Real* out) const;

 private:
  void apply(const std::vector<Real>& matrix, const Real* in, Real* out) const;
  void apply_by_parity(const std::vector<Real>& matrix, const Real* in, Real* out) const;
  std::vector<Real> interpolation(const std::vector<Real>& points) const;

  int order_;
  QuadratureRule<Real> rule_;
  std::vector<Real> to_coefficients_;  // row-major order x order, as are the next
  std::vector<Real> to_left_;
  std::vector<Real> to_right_;
  std::vector<Real> join_;  // row i reads from the half that node i lies in
  std::vector<Real> up_;    // Clenshaw: (2n+1)/(n+1)
  std::vector<Real> down_;  // and (n+1)/(n+2)
};

#define LEMMABENCH_EXTERN(Real)                                   \
  extern template QuadratureRule<Real> gauss_legendre<Real>(int); \
  extern template class LegendreBasis<Real>;
LEMMABENCH_FOR_EACH_COMMON_FLOAT(LEMMABENCH_EXTERN)
#undef LEMMABENCH_EXTERN

}  // namespace lemmabench
