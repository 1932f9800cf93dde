#pragma once

#include <string>
#include <string_view>
#include <utility>

#include "numerics/arb.hpp"
#include "numerics/rational.hpp"

namespace lemmabench {

/// Working precision of Ball arithmetic in bits, a property of the thread.
/// A scope sets it and restores the former one when it ends; scopes nest. A task that another
/// thread may run opens its own scope: a new thread starts at 128 bits.
class PrecisionScope {
 public:
  /// `bits` from 32 to 1,000,000; throws InputError outside.
  explicit PrecisionScope(long bits);
  PrecisionScope(const PrecisionScope&) = delete;
  PrecisionScope& operator=(const PrecisionScope&) = delete;
  ~PrecisionScope() { current_ = former_; }

  static long bits() { return current_; }

 private:
  long former_;
  static thread_local long current_;
};

/// The answer of a comparison between balls.
enum class Truth { certainly_not, unknown, certainly };

/// A real number enclosed by midpoint and radius (Arb): every operation returns a ball that
/// contains the exact result for every choice of points in the operands.
///
/// Made from integers and rationals, never from a double that means a decimal. Comparisons are
/// three-valued; there is no operator<. Cost at 200 bits: + 30 ns, * 40 ns, / 150 ns, exp 400 ns.
/// Thread-safe as any value is; precision is that of the thread (PrecisionScope).
/// Source: F. Johansson, "Arb: efficient arbitrary-precision midpoint-radius interval arithmetic",
/// IEEE Trans. Computers 66 (2017).
class Ball {
 public:
  Ball() { arb_init(value_); }
  Ball(long value) : Ball() { arb_set_si(value_, value); }  // NOLINT: integers are exact balls
  Ball(int value) : Ball(static_cast<long>(value)) {}       // NOLINT
  Ball(const Rational& value) : Ball() {                    // NOLINT
    arb_set_fmpq(value_, value.raw(), PrecisionScope::bits());
  }
  Ball(double) = delete;  // a double is rarely the number that was meant: use exactly()
  Ball(const Ball& other) : Ball() { arb_set(value_, other.value_); }
  Ball(Ball&& other) noexcept : Ball() { arb_swap(value_, other.value_); }
  Ball& operator=(const Ball& other) {
    arb_set(value_, other.value_);
    return *this;
  }
  Ball& operator=(Ball&& other) noexcept {
    arb_swap(value_, other.value_);
    return *this;
  }
  ~Ball() { arb_clear(value_); }

  /// The ball of radius 0 at this very double.
  static Ball exactly(double value);
  static Ball pi();
  /// midpoint +- radius, both taken as balls (the result contains the union of all such balls).
  static Ball around(const Ball& midpoint, const Ball& radius);
  /// The smallest ball that contains both.
  static Ball hull(const Ball& a, const Ball& b);

  Ball& operator+=(const Ball& b) { return arb_add(value_, value_, b.value_, prec()), *this; }
  Ball& operator-=(const Ball& b) { return arb_sub(value_, value_, b.value_, prec()), *this; }
  Ball& operator*=(const Ball& b) { return arb_mul(value_, value_, b.value_, prec()), *this; }
  Ball& operator/=(const Ball& b) { return arb_div(value_, value_, b.value_, prec()), *this; }
  Ball& operator+=(int b) { return arb_add_si(value_, value_, b, prec()), *this; }
  Ball& operator-=(int b) { return arb_sub_si(value_, value_, b, prec()), *this; }
  Ball& operator*=(int b) { return arb_mul_si(value_, value_, b, prec()), *this; }
  Ball& operator/=(int b) { return arb_div_si(value_, value_, b, prec()), *this; }

  /// this += a * b with one rounding; the workhorse of long recursions.
  Ball& add_product(const Ball& a, const Ball& b) {
    return arb_addmul(value_, a.value_, b.value_, prec()), *this;
  }

  Truth positive() const;
  Truth less_than(const Ball& other) const;
  bool contains(const Rational& point) const { return arb_contains_fmpq(value_, point.raw()) != 0; }
  bool contains(const Ball& inner) const { return arb_contains(value_, inner.value_) != 0; }
  bool contains_zero() const { return arb_contains_zero(value_) != 0; }
  bool overlaps(const Ball& other) const { return arb_overlaps(value_, other.value_) != 0; }
  bool finite() const { return arb_is_finite(value_) != 0; }
  bool exact() const { return arb_is_exact(value_) != 0; }

  /// The midpoint as an exact ball; the radius as an exact ball.
  Ball midpoint() const;
  Ball radius() const;
  /// Upper bound of |x| and lower bound of |x| over the ball, as exact balls.
  Ball magnitude_upper() const;
  Ball magnitude_lower() const;
  /// Nearest double of the midpoint (for plots and starting guesses, never for a verdict).
  double to_double() const { return arf_get_d(arb_midref(value_), ARF_RND_NEAR); }
  /// Bits of relative accuracy (Arb's arb_rel_accuracy_bits); very large when exact.
  long relative_accuracy_bits() const { return arb_rel_accuracy_bits(value_); }

  const arb_struct* raw() const { return value_; }
  arb_struct* raw() { return value_; }

 private:
  static long prec() { return PrecisionScope::bits(); }
  arb_t value_;
};

// The binary operators take over the storage of a temporary left operand.
inline Ball operator+(const Ball& a, const Ball& b) {
  Ball result;
  arb_add(result.raw(), a.raw(), b.raw(), PrecisionScope::bits());
  return result;
}
inline Ball operator+(Ball&& a, const Ball& b) {
  a += b;
  return std::move(a);
}
inline Ball operator+(const Ball& a, int b) {
  Ball result;
  arb_add_si(result.raw(), a.raw(), b, PrecisionScope::bits());
  return result;
}
inline Ball operator+(Ball&& a, int b) {
  a += b;
  return std::move(a);
}

inline Ball operator-(const Ball& a, const Ball& b) {
  Ball result;
  arb_sub(result.raw(), a.raw(), b.raw(), PrecisionScope::bits());
  return result;
}
inline Ball operator-(Ball&& a, const Ball& b) {
  a -= b;
  return std::move(a);
}
inline Ball operator-(const Ball& a, int b) {
  Ball result;
  arb_sub_si(result.raw(), a.raw(), b, PrecisionScope::bits());
  return result;
}
inline Ball operator-(Ball&& a, int b) {
  a -= b;
  return std::move(a);
}

inline Ball operator*(const Ball& a, const Ball& b) {
  Ball result;
  arb_mul(result.raw(), a.raw(), b.raw(), PrecisionScope::bits());
  return result;
}
inline Ball operator*(Ball&& a, const Ball& b) {
  a *= b;
  return std::move(a);
}
inline Ball operator*(const Ball& a, int b) {
  Ball result;
  arb_mul_si(result.raw(), a.raw(), b, PrecisionScope::bits());
  return result;
}
inline Ball operator*(Ball&& a, int b) {
  a *= b;
  return std::move(a);
}

inline Ball operator/(const Ball& a, const Ball& b) {
  Ball result;
  arb_div(result.raw(), a.raw(), b.raw(), PrecisionScope::bits());
  return result;
}
inline Ball operator/(Ball&& a, const Ball& b) {
  a /= b;
  return std::move(a);
}
inline Ball operator/(const Ball& a, int b) {
  Ball result;
  arb_div_si(result.raw(), a.raw(), b, PrecisionScope::bits());
  return result;
}
inline Ball operator/(Ball&& a, int b) {
  a /= b;
  return std::move(a);
}

inline Ball operator+(int a, const Ball& b) { return b + a; }
inline Ball operator*(int a, const Ball& b) { return b * a; }
inline Ball operator-(const Ball& a) {
  Ball result;
  arb_neg(result.raw(), a.raw());
  return result;
}
inline Ball operator-(int a, const Ball& b) { return -(b - a); }
inline Ball operator/(int a, const Ball& b) { return Ball(a) / b; }

// Elementary functions, found by argument-dependent lookup beside std:: for double. Outside its
// domain a function returns the ball of infinite radius, which no verdict can be built on.
Ball sqrt(const Ball& x);
Ball exp(const Ball& x);
Ball expm1(const Ball& x);
Ball log(const Ball& x);
Ball log1p(const Ball& x);
Ball sin(const Ball& x);
Ball cos(const Ball& x);
Ball abs(const Ball& x);
/// x^p for x > 0 or integer p.
Ball pow(const Ball& x, const Ball& p);
Ball lgamma(const Ball& x);

/// A decimal value with an error bound: |exact - value| <= error for every exact number in the
/// ball, including what printing rounded away. Both are plain decimal strings ("0.25", "3.1e-40").
struct DecimalEnclosure {
  std::string value;
  std::string error;
};

/// Prints `digits` significant digits (1..10000) of the midpoint, and an error rounded outward to
/// three digits. Throws NumericalFailure if the ball is not finite.
DecimalEnclosure to_decimal(const Ball& x, long digits);

}  // namespace lemmabench
