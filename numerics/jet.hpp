#pragma once

#include <algorithm>
#include <cmath>
#include <concepts>
#include <cstddef>
#include <limits>
#include <stdexcept>
#include <utility>
#include <vector>

#include "numerics/scalar.hpp"

namespace lemmabench {

/// A Taylor series c_0 + c_1 s + ... + c_n s^n + O(s^{n+1}) in one variable s, with the arithmetic
/// and the elementary functions of Real: derivatives of any order without differencing, and the
/// Real and the State of a sampler's step when that step is wanted as a power series.
///
/// A constant is an exact polynomial (order() == kExact) and costs one coefficient; an operation
/// between two series keeps the smaller order. Trailing coefficients that are exactly zero need not
/// be stored, so that (x_0 + s) times a series costs 2(n+1) products. Otherwise + costs n, and *,
/// /, sqrt, exp, log, pow cost about n^2/2 products of Real each. With Real = Ball every
/// coefficient is an enclosure; over a box of x_0 the coefficient c_k encloses f^(k)/k! on the
/// whole box, hence a Lagrange remainder (taylor_enclosure). Real may be a jet again: a series in
/// two variables. Outside the domain of a function the coefficients are what Real makes of it (NaN,
/// infinite balls). A function or quotient of an exact polynomial that is not constant has no order
/// to stop at: std::logic_error. Source of the recursions: Griewank & Walther, "Evaluating
/// Derivatives" (2nd ed.), table 13.2.
template <class Real>
class Jet {
 public:
  /// The order of an exact polynomial.
  static constexpr int kExact = std::numeric_limits<int>::max();

  Jet() = default;                                           ///< the constant 0
  Jet(Real constant) { c_.push_back(std::move(constant)); }  // NOLINT: a number is a series
  Jet(int constant) : Jet(Real(constant)) {}                 // NOLINT
  Jet(long constant) : Jet(Real(constant)) {}                // NOLINT
  /// The series with these coefficients, known up to s^order. Throws std::logic_error for a
  /// negative order or more than order+1 coefficients.
  Jet(std::vector<Real> coefficients, int order) : c_(std::move(coefficients)), order_(order) {
    if (order < 0 || c_.size() > limit(order)) {
      throw std::logic_error("a jet has more coefficients than its order allows");
    }
  }

  /// x_0 + s + O(s^{order+1}).
  static Jet variable(Real x0, int order) {
    std::vector<Real> c;
    c.push_back(std::move(x0));
    if (order > 0) {
      c.push_back(Real(1));
    }
    return Jet(std::move(c), order);
  }
  /// x_0 + 0 s + ... + O(s^{order+1}).
  static Jet constant(Real x0, int order) {
    std::vector<Real> c;
    c.push_back(std::move(x0));
    return Jet(std::move(c), order);
  }

  /// The highest power that is known; kExact for an exact polynomial.
  int order() const { return order_; }
  /// How many coefficients are stored; those from here to order() are zero.
  std::size_t size() const { return c_.size(); }
  bool is_constant() const { return c_.size() <= 1; }
  /// The constant 0, known exactly.
  bool is_zero() const {
    return order_ == kExact && (c_.empty() || (c_.size() == 1 && exactly_zero(c_[0])));
  }

  /// c_k. Throws std::logic_error for k beyond the order.
  Real coefficient(int k) const {
    if (k < 0 || k > order_) {
      throw std::logic_error("a jet does not know a coefficient beyond its order");
    }
    const auto i = static_cast<std::size_t>(k);
    return i < c_.size() ? c_[i] : Real(0);
  }
  Real value() const { return coefficient(0); }
  /// The k-th derivative k! c_k.
  Real derivative(int k) const {
    Real d = coefficient(k);
    for (int j = 2; j <= k; ++j) {
      d = std::move(d) * j;
    }
    return d;
  }
  /// The polynomial c_0 + ... + c_n s^n at s, by Horner's rule; the O(s^{n+1}) is left out.
  Real polynomial(const Real& s) const {
    Real sum(0);
    for (std::size_t k = c_.size(); k-- > 0;) {
      sum *= s;
      sum += c_[k];
    }
    return sum;
  }
  /// The series of the derivative (order lower by one) and of the antiderivative that is 0 at s = 0
  /// (order higher by one).
  Jet differentiated() const {
    std::vector<Real> d;
    for (std::size_t k = 1; k < c_.size(); ++k) {
      d.push_back(c_[k] * static_cast<int>(k));
    }
    return Jet(std::move(d), order_ == kExact ? kExact : std::max(order_ - 1, 0));
  }
  Jet integrated() const {
    std::vector<Real> d;
    d.reserve(c_.size() + 1);
    d.push_back(Real(0));
    for (std::size_t k = 0; k < c_.size(); ++k) {
      d.push_back(c_[k] / static_cast<int>(k + 1));
    }
    return Jet(std::move(d), order_ == kExact ? kExact : order_ + 1);
  }
  /// The same series known only up to s^order.
  Jet truncated(int order) const& { return Jet(*this).truncated(order); }
  Jet truncated(int order) && {
    cut(order);
    return std::move(*this);
  }

  Jet& operator+=(const Jet& b) {
    return merge(b, [](Real& x, const Real& y) { x += y; });
  }
  Jet& operator-=(const Jet& b) {
    return merge(b, [](Real& x, const Real& y) { x -= y; });
  }
  Jet& operator*=(const Jet& b) { return *this = *this * b; }
  Jet& operator/=(const Jet& b) { return *this = *this / b; }
  Jet& operator+=(const Real& b) { return first() += b, *this; }
  Jet& operator-=(const Real& b) { return first() -= b, *this; }
  Jet& operator*=(const Real& b) {
    return for_each([&b](Real& x) { x *= b; });
  }
  Jet& operator/=(const Real& b) {
    return for_each([&b](Real& x) { x /= b; });
  }
  // Templates, so that a double never becomes an int on its way.
  template <std::same_as<int> Int>
  Jet& operator+=(Int b) {
    return first() += b, *this;
  }
  template <std::same_as<int> Int>
  Jet& operator-=(Int b) {
    return first() -= b, *this;
  }
  template <std::same_as<int> Int>
  Jet& operator*=(Int b) {
    return for_each([b](Real& x) { x = std::move(x) * b; });
  }
  template <std::same_as<int> Int>
  Jet& operator/=(Int b) {
    return for_each([b](Real& x) { x = std::move(x) / b; });
  }

  friend Jet operator+(Jet a, const Jet& b) {
    a += b;
    return a;
  }
  friend Jet operator+(const Jet& a, Jet&& b) {
    b += a;
    return std::move(b);
  }
  friend Jet operator+(Jet&& a, Jet&& b) {
    a += b;
    return std::move(a);
  }
  friend Jet operator-(Jet a, const Jet& b) {
    a -= b;
    return a;
  }
  friend Jet operator-(Jet a) {
    a *= -1;
    return a;
  }
  friend Jet operator*(const Jet& a, const Jet& b) {
    if (a.is_constant() || b.is_constant()) {
      return a.is_constant() ? b.scaled_by(a) : a.scaled_by(b);
    }
    const int order = std::min(a.order_, b.order_);
    const std::size_t size = std::min(a.size() + b.size() - 1, limit(order));
    std::vector<Real> c(size);
    for (std::size_t k = 0; k < size; ++k) {
      const std::size_t low = k < b.size() ? 0 : k - b.size() + 1;
      const std::size_t high = std::min(k, a.size() - 1);
      c[k] = dot(a.c_, low, b.c_, k - low, high - low + 1);
    }
    return Jet(std::move(c), order);
  }
  /// Where the denominator starts with zeros (exact ones), as many powers of s are cancelled on
  /// both sides and the order falls by as many; what is left of the denominator's c_0 divides.
  friend Jet operator/(const Jet& a, const Jet& b) { return quotient(a, b); }

  friend Jet operator+(Jet a, const Real& b) {
    a += b;
    return a;
  }
  friend Jet operator+(const Real& a, Jet b) {
    b += a;
    return b;
  }
  friend Jet operator-(Jet a, const Real& b) {
    a -= b;
    return a;
  }
  friend Jet operator-(const Real& a, Jet b) {
    b *= -1;
    b += a;
    return b;
  }
  friend Jet operator*(Jet a, const Real& b) {
    a *= b;
    return a;
  }
  friend Jet operator*(const Real& a, Jet b) {
    b *= a;
    return b;
  }
  friend Jet operator/(Jet a, const Real& b) {
    a /= b;
    return a;
  }
  friend Jet operator/(const Real& a, const Jet& b) { return quotient(Jet(a), b); }
  template <std::same_as<int> Int>
  friend Jet operator+(Jet a, Int b) {
    a += b;
    return a;
  }
  template <std::same_as<int> Int>
  friend Jet operator+(Int a, Jet b) {
    b += a;
    return b;
  }
  template <std::same_as<int> Int>
  friend Jet operator-(Jet a, Int b) {
    a -= b;
    return a;
  }
  template <std::same_as<int> Int>
  friend Jet operator-(Int a, Jet b) {
    b *= -1;
    b += a;
    return b;
  }
  template <std::same_as<int> Int>
  friend Jet operator*(Jet a, Int b) {
    a *= b;
    return a;
  }
  template <std::same_as<int> Int>
  friend Jet operator*(Int a, Jet b) {
    b *= a;
    return b;
  }
  template <std::same_as<int> Int>
  friend Jet operator/(Jet a, Int b) {
    a /= b;
    return a;
  }
  template <std::same_as<int> Int>
  friend Jet operator/(Int a, const Jet& b) {
    return quotient(Jet(a), b);
  }

  /// sqrt: 2 r_0 r_k = a_k - sum_{0<j<k} r_j r_{k-j}. c_0 > 0, or a constant >= 0.
  friend Jet sqrt(const Jet& a) {
    using std::sqrt;
    return a.by_recursion(sqrt(a.value()), [&a](std::vector<Real>& r, std::size_t k) {
      const Real cross = k > 1 ? dot(r, 1, r, k - 1, k - 1) : Real(0);
      return Real((a.at(k) - cross) / (r[0] * 2));
    });
  }
  /// exp: k e_k = sum_{0<j<=k} j a_j e_{k-j}.
  friend Jet exp(const Jet& a) {
    using std::exp;
    const std::vector<Real> slope = a.index_times();
    return a.by_recursion(exp(a.value()), [&slope](std::vector<Real>& e, std::size_t k) {
      const std::size_t terms = std::min(k, slope.size() - 1);
      return Real(dot(slope, 1, e, k - 1, terms) / static_cast<int>(k));
    });
  }
  /// log: a_0 l_k = a_k - (1/k) sum_{0<j<k} j l_j a_{k-j}. c_0 > 0.
  friend Jet log(const Jet& a) {
    using std::log;
    std::vector<Real> slope(1);  // k l_k
    return a.by_recursion(log(a.value()), [&a, &slope](std::vector<Real>&, std::size_t k) {
      const std::size_t low = k < a.size() ? 1 : k - a.size() + 1;
      const Real cross = low < k ? dot(slope, low, a.c_, k - low, k - low) : Real(0);
      slope.push_back((a.at(k) * static_cast<int>(k) - cross) / a.c_[0]);
      return Real(slope.back() / static_cast<int>(k));
    });
  }
  /// a^p for a real p: k a_0 r_k = sum_{0<j<=k} (p j - (k-j)) a_j r_{k-j}. c_0 > 0.
  friend Jet pow(const Jet& a, const Real& p) {
    using std::pow;
    return a.by_recursion(pow(a.value(), p), [&a, &p](std::vector<Real>& r, std::size_t k) {
      Real sum(0);
      for (std::size_t j = 1; j <= std::min(k, a.size() - 1); ++j) {
        const int rest = static_cast<int>(k - j);
        sum += (p * static_cast<int>(j) - rest) * a.c_[j] * r[k - j];
      }
      return Real(sum / (a.c_[0] * static_cast<int>(k)));
    });
  }
  /// a^p for an integer p, any c_0 (p < 0: as 1/a^-p).
  template <std::same_as<int> Int>
  friend Jet pow(const Jet& a, Int p) {
    if (p < 0) {
      return quotient(Jet(1), pow(a, -p));
    }
    Jet result(1);
    Jet square = a;
    for (int rest = p; rest > 0; rest /= 2) {
      if (rest % 2 != 0) {
        result = result * square;
      }
      if (rest > 1) {
        square = square * square;
      }
    }
    return result;
  }

 private:
  static std::size_t limit(int order) { return static_cast<std::size_t>(order) + 1; }

  Real at(std::size_t k) const { return k < c_.size() ? c_[k] : Real(0); }
  Real& first() {
    if (c_.empty()) {
      c_.push_back(Real(0));
    }
    return c_[0];
  }
  void cut(int order) {
    order_ = std::min(order_, order);
    if (c_.size() > limit(order_)) {
      c_.resize(limit(order_));
    }
  }
  template <class Update>
  Jet& for_each(Update update) {
    for (Real& x : c_) {
      update(x);
    }
    return *this;
  }
  template <class Update>
  Jet& merge(const Jet& b, Update update) {
    cut(b.order_);
    const std::size_t size = std::min(b.size(), limit(order_));
    if (c_.size() < size) {
      c_.resize(size, Real(0));
    }
    for (std::size_t k = 0; k < size; ++k) {
      update(c_[k], b.c_[k]);
    }
    return *this;
  }
  Jet scaled_by(const Jet& constant) const {
    if (constant.c_.empty()) {
      return Jet({}, std::min(order_, constant.order_));
    }
    Jet result = *this * constant.c_[0];
    result.cut(constant.order_);
    return result;
  }
  /// k c_k.
  std::vector<Real> index_times() const {
    std::vector<Real> result(std::max<std::size_t>(c_.size(), 1));
    for (std::size_t k = 1; k < c_.size(); ++k) {
      result[k] = c_[k] * static_cast<int>(k);
    }
    return result;
  }
  /// sum_{i < terms} x[from_x + i] y[from_y - i].
  static Real dot(const std::vector<Real>& x, std::size_t from_x, const std::vector<Real>& y,
                  std::size_t from_y, std::size_t terms) {
    Real sum(0);
    if constexpr (is_ball<Real>) {
      // One rounding at the end: tighter, and three times as fast as a loop.
      static_assert(sizeof(Ball) == sizeof(arb_struct));
      if (terms > 0) {
        arb_dot(sum.raw(), nullptr, 0, x[from_x].raw(), 1, y[from_y].raw(), -1,
                static_cast<slong>(terms), PrecisionScope::bits());
      }
    } else {
      for (std::size_t i = 0; i < terms; ++i) {
        sum += x[from_x + i] * y[from_y - i];
      }
    }
    return sum;
  }
  /// The series that starts with `start` and continues by next(coefficients so far, k).
  template <class Next>
  Jet by_recursion(Real start, Next next) const {
    std::vector<Real> c;
    c.push_back(std::move(start));
    if (is_constant()) {
      return Jet(std::move(c), order_);
    }
    if (order_ == kExact) {
      throw std::logic_error("a function of an exact polynomial needs an order to stop at");
    }
    c.reserve(limit(order_));
    for (std::size_t k = 1; k < limit(order_); ++k) {
      c.push_back(next(c, k));
    }
    return Jet(std::move(c), order_);
  }
  /// False for scalars that cannot tell.
  static bool exactly_zero(const Real& x) {
    if constexpr (is_ball<Real>) {
      return arb_is_zero(x.raw()) != 0;
    } else if constexpr (requires { x.is_zero(); }) {
      return x.is_zero();
    } else if constexpr (requires { x == 0; }) {
      return x == 0;
    } else {
      return false;
    }
  }
  /// This series over s^powers; the coefficients dropped must be zero.
  Jet without_powers(std::size_t powers) const {
    if (powers == 0) {
      return *this;
    }
    const int order = order_ == kExact ? kExact : order_ - static_cast<int>(powers);
    const std::size_t drop = std::min(powers, c_.size());
    return Jet(std::vector<Real>(c_.begin() + static_cast<std::ptrdiff_t>(drop), c_.end()), order);
  }
  /// Powers of s to cancel: the denominator's leading zeros, as far as the numerator has them too.
  static std::size_t common_powers(const Jet& a, const Jet& b) {
    std::size_t powers = 0;
    while (powers + 1 < b.size() && exactly_zero(b.c_[powers]) && exactly_zero(a.at(powers))) {
      ++powers;
    }
    return powers;
  }
  static Jet quotient(const Jet& numerator, const Jet& denominator) {
    if (denominator.is_constant()) {
      Jet result = numerator / denominator.value();
      result.cut(denominator.order_);
      return result;
    }
    const std::size_t powers = common_powers(numerator, denominator);
    const Jet a = numerator.without_powers(powers);
    const Jet b = denominator.without_powers(powers);
    const int order = std::min(a.order_, b.order_);
    if (b.is_constant()) {
      return (a / b.value()).truncated(order);
    }
    if (order == kExact) {
      throw std::logic_error("a quotient of exact polynomials needs an order to stop at");
    }
    std::vector<Real> q;
    q.reserve(limit(order));
    for (std::size_t k = 0; k < limit(order); ++k) {
      const std::size_t low = k < b.size() ? 0 : k - b.size() + 1;
      const Real cross = low < k ? dot(q, low, b.c_, k - low, k - low) : Real(0);
      q.push_back((a.at(k) - cross) / b.c_[0]);
    }
    return Jet(std::move(q), order);
  }

  std::vector<Real> c_;
  int order_ = kExact;
};

template <class T>
inline constexpr bool is_jet = false;
template <class Real>
inline constexpr bool is_jet<Jet<Real>> = true;

/// The constant series (found by argument-dependent lookup where a template asks for
/// from_rational<Real> with Real = Jet).
template <class J>
requires is_jet<J> J from_rational(const Rational& x) {
  return J(from_rational<decltype(J().value())>(x));
}

/// log(1+x) and e^x - 1, as series: the digits that doubles lose near 0 are of no concern here.
template <class J>
requires is_jet<J> J log1p(const J& x) { return log(x + 1); }
template <class J>
requires is_jet<J> J expm1(const J& x) { return exp(x) - 1; }

/// Taylor's theorem on a box: f(x_0 + s) for every |s| in `offset`, where `centre` is the series of
/// f at x_0 and `box` that of f over a box that contains x_0 and x_0 + offset, of the same order n:
///   sum_{k<n} c_k(x_0) s^k + c_n(box) s^n,
/// or the polynomial itself where both are exact polynomials.
inline Ball taylor_enclosure(const Jet<Ball>& centre, const Jet<Ball>& box, const Ball& offset) {
  const int n = box.order();
  if (n == Jet<Ball>::kExact) {
    return centre.polynomial(offset);
  }
  Ball power(1);
  for (int k = 0; k < n; ++k) {
    power *= offset;
  }
  return centre.truncated(n - 1).polynomial(offset) + box.coefficient(n) * power;
}

}  // namespace lemmabench
