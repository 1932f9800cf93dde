#include "numerics/legendre.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <type_traits>

#include "numerics/clenshaw.hpp"
#include "numerics/error.hpp"
#include "numerics/mp.hpp"

namespace lemmabench {
namespace {

void check_order(int order, int least) {
  if (order < least || order > 512) {
    throw InputError(fmt::format("Legendre order {}: use {} to 512", order, least));
  }
}

/// P_n(x) and P_n'(x), |x| < 1, by the three-term recurrence.
template <class Real>
std::array<Real, 2> legendre(int n, const Real& x) {
  Real before(1);
  Real here = x;
  for (int k = 1; k < n; ++k) {
    const Real next = (Real(2 * k + 1) * x * here - Real(k) * before) / Real(k + 1);
    before = here;
    here = next;
  }
  return {here, Real(n) * (before - x * here) / ((1 - x) * (1 + x))};
}

/// Clenshaw's recurrence in multiprecision, a point after the other: numerics/clenshaw.hpp is for
/// double.
template <class Real>
Real clenshaw_at(const Real* coefficients, const Real* up, const Real* down, std::size_t order,
                 const Real& x) {
  Real above(0);
  Real two_above(0);
  for (std::size_t n = order; n-- > 0;) {
    const Real here = coefficients[n] + up[n] * x * above - down[n] * two_above;
    two_above = above;
    above = here;
  }
  return above;
}

}  // namespace

template <class Real>
QuadratureRule<Real> gauss_legendre(int order) {
  check_order(order, 1);
  const auto size = static_cast<std::size_t>(order);
  QuadratureRule<Real> rule{std::vector<Real>(size, Real(0)), std::vector<Real>(size, Real(2))};
  if (order == 1) {
    return rule;
  }
  const double tiny = std::sqrt(to_double(std::numeric_limits<Real>::epsilon()));
  for (std::size_t i = 0; i < (size + 1) / 2; ++i) {
    // Tricomi's guess is good to about 1e-3 of the spacing; Newton doubles the digits.
    Real x(-std::cos(3.14159265358979 * (static_cast<double>(i) + 0.75) / (order + 0.5)));
    for (int iteration = 0; iteration < 100; ++iteration) {
      const auto [value, slope] = legendre(order, x);
      const Real change = value / slope;
      x -= change;
      // Quadratic convergence: after a change below sqrt(eps) the next is below eps.
      if (std::abs(to_double(change)) < 0.01 * tiny) {
        break;
      }
    }
    if (2 * i + 1 == size) {
      x = Real(0);
    }
    const Real slope = legendre(order, x)[1];
    const Real weight = 2 / ((1 - x) * (1 + x) * slope * slope);
    rule.nodes[i] = x;
    rule.nodes[size - 1 - i] = -x;
    rule.weights[i] = weight;
    rule.weights[size - 1 - i] = weight;
  }
  return rule;
}

template <class Real>
LegendreBasis<Real>::LegendreBasis(int order) : order_(order) {
  check_order(order, 2);
  rule_ = gauss_legendre<Real>(order);
  const auto size = static_cast<std::size_t>(order);
  for (std::size_t n = 0; n < size; ++n) {
    const int k = static_cast<int>(n);
    up_.push_back(Real(2 * k + 1) / Real(k + 1));
    down_.push_back(Real(k + 1) / Real(k + 2));
  }
  // Discrete orthogonality: c_n = (2n+1)/2 sum_j w_j P_n(x_j) f_j, exact up to degree 2 order - 1.
  to_coefficients_.assign(size * size, Real(0));
  for (std::size_t j = 0; j < size; ++j) {
    Real before(0);
    Real here(1);
    for (std::size_t n = 0; n < size; ++n) {
      const int k = static_cast<int>(n);
      to_coefficients_[n * size + j] = Real(2 * k + 1) * rule_.weights[j] * here / 2;
      const Real next = (Real(2 * k + 1) * rule_.nodes[j] * here - Real(k) * before) / Real(k + 1);
      before = here;
      here = next;
    }
  }
  std::vector<Real> left;
  std::vector<Real> right;
  std::vector<Real> folded;
  for (const Real& x : rule_.nodes) {
    left.push_back((x - 1) / 2);
    right.push_back((x + 1) / 2);
    folded.push_back(x < 0 ? Real(2 * x + 1) : Real(2 * x - 1));
  }
  to_left_ = interpolation(left);
  to_right_ = interpolation(right);
  join_ = interpolation(folded);
}

template <class Real>
std::vector<Real> LegendreBasis<Real>::interpolation(const std::vector<Real>& points) const {
  const auto size = static_cast<std::size_t>(order_);
  std::vector<Real> matrix(size * size, Real(0));
  std::vector<Real> unit(size, Real(0));
  std::vector<Real> series(size, Real(0));
  std::vector<Real> column(size, Real(0));
  for (std::size_t j = 0; j < size; ++j) {
    unit[j] = Real(1);
    coefficients(unit.data(), series.data());
    evaluate(series.data(), points.data(), size, column.data());
    for (std::size_t i = 0; i < size; ++i) {
      matrix[i * size + j] = column[i];
    }
    unit[j] = Real(0);
  }
  return matrix;
}

template <class Real>
void LegendreBasis<Real>::apply(const std::vector<Real>& matrix, const Real* in, Real* out) const {
  const auto size = static_cast<std::size_t>(order_);
  for (std::size_t i = 0; i < size; ++i) {
    const Real* row = matrix.data() + i * size;
    Real sum(0);
    for (std::size_t j = 0; j < size; ++j) {
      sum += row[j] * in[j];
    }
    out[i] = sum;
  }
}

template <class Real>
void LegendreBasis<Real>::coefficients(const Real* values, Real* out) const {
  if constexpr (std::is_same_v<Real, double>) {
    apply(to_coefficients_, values, out);
  } else {
    apply_by_parity(to_coefficients_, values, out);
  }
}

/// The nodes are symmetric and P_n(-x) = (-1)^n P_n(x): even rows need the even part of the values,
/// odd rows the odd part. Half the products, which is what multiprecision pays for.
template <class Real>
void LegendreBasis<Real>::apply_by_parity(const std::vector<Real>& matrix, const Real* in,
                                          Real* out) const {
  const auto size = static_cast<std::size_t>(order_);
  const std::size_t half = (size + 1) / 2;
  std::vector<Real> parts[2] = {std::vector<Real>(half), std::vector<Real>(half)};
  for (std::size_t j = 0; j < half; ++j) {
    const bool middle = 2 * j + 1 == size;
    parts[0][j] = middle ? in[j] : Real(in[j] + in[size - 1 - j]);
    parts[1][j] = middle ? Real(0) : Real(in[j] - in[size - 1 - j]);
  }
  for (std::size_t n = 0; n < size; ++n) {
    const Real* row = matrix.data() + n * size;
    const std::vector<Real>& part = parts[n % 2];
    Real sum(0);
    for (std::size_t j = 0; j < half; ++j) {
      sum += row[j] * part[j];
    }
    out[n] = sum;
  }
}

template <class Real>
void LegendreBasis<Real>::join(const Real* left, const Real* right, Real* out) const {
  const auto size = static_cast<std::size_t>(order_);
  for (std::size_t i = 0; i < size; ++i) {
    const Real* row = join_.data() + i * size;
    const Real* in = rule_.nodes[i] < 0 ? left : right;
    Real sum(0);
    for (std::size_t j = 0; j < size; ++j) {
      sum += row[j] * in[j];
    }
    out[i] = sum;
  }
}

template <class Real>
void LegendreBasis<Real>::evaluate(const Real* coefficients, const Real* points, std::size_t count,
                                   Real* out) const {
  const auto size = static_cast<std::size_t>(order_);
  if constexpr (std::is_same_v<Real, double>) {
    clenshaw({coefficients, up_.data(), down_.data(), size}, points, count, out);
  } else {
    for (std::size_t i = 0; i < count; ++i) {
      out[i] = clenshaw_at(coefficients, up_.data(), down_.data(), size, points[i]);
    }
  }
}

template <class Real>
Real LegendreBasis<Real>::evaluate(const Real* coefficients, const Real& point) const {
  Real value(0);
  evaluate(coefficients, &point, 1, &value);
  return value;
}

template <class Real>
Real LegendreBasis<Real>::at_right(const Real* coefficients) const {
  Real sum(0);
  for (int n = 0; n < order_; ++n) {
    sum += coefficients[n];
  }
  return sum;
}

template <class Real>
Real LegendreBasis<Real>::at_left(const Real* coefficients) const {
  Real sum(0);
  for (int n = 0; n < order_; ++n) {
    sum = n % 2 == 0 ? Real(sum + coefficients[n]) : Real(sum - coefficients[n]);
  }
  return sum;
}

// P'_{n+1} - P'_{n-1} = (2n+1) P_n, hence d_n/(2n+1) = c_{n+1} + d_{n+2}/(2n+5).
template <class Real>
void LegendreBasis<Real>::derivative(const Real* coefficients, Real* out) const {
  Real above(0);
  Real two_above(0);
  for (int n = order_ - 1; n >= 0; --n) {
    const Real here = (n + 1 < order_ ? coefficients[n + 1] : Real(0)) + two_above;
    out[n] = Real(2 * n + 1) * here;
    two_above = above;
    above = here;
  }
}

template <class Real>
void LegendreBasis<Real>::antiderivative(const Real* coefficients, Real* out) const {
  std::fill_n(out, order_ + 1, Real(0));
  out[0] = coefficients[0];
  out[1] = coefficients[0];
  for (int n = 1; n < order_; ++n) {
    const Real part = coefficients[n] / Real(2 * n + 1);
    out[n + 1] += part;
    out[n - 1] -= part;
  }
}

#define LEMMABENCH_INSTANTIATE(Real)                       \
  template QuadratureRule<Real> gauss_legendre<Real>(int); \
  template class LegendreBasis<Real>;
LEMMABENCH_FOR_EACH_FLOAT(LEMMABENCH_INSTANTIATE)
#undef LEMMABENCH_INSTANTIATE

}  // namespace lemmabench
