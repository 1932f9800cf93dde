#pragma once

#include <compare>
#include <string>
#include <string_view>

#include "numerics/arb.hpp"

namespace lemmabench {

/// An exact rational number, as the user wrote it.
///
/// Numbers enter lemmabench as decimals ("0.3", "-1.5e-3") or fractions ("1/3") and stay exact
/// until a scalar is chosen: 0.3 means three tenths, not the nearest double.
class Rational {
 public:
  Rational() { fmpq_init(value_); }
  Rational(long numerator, long denominator = 1);  // NOLINT: 3 is a rational
  Rational(const Rational& other) : Rational() { fmpq_set(value_, other.value_); }
  Rational(Rational&& other) noexcept : Rational() { fmpq_swap(value_, other.value_); }
  Rational& operator=(const Rational& other) {
    fmpq_set(value_, other.value_);
    return *this;
  }
  Rational& operator=(Rational&& other) noexcept {
    fmpq_swap(value_, other.value_);
    return *this;
  }
  ~Rational() { fmpq_clear(value_); }

  /// Parses `[+-]digits[.digits][e[+-]digits]` or `integer/integer`.
  /// Throws InputError naming `what` when the text is no such number (NaN and infinity are not),
  /// has more than 10,000 characters, a zero denominator, or a decimal exponent beyond +-9999.
  static Rational parse(std::string_view text, std::string_view what);

  /// The exact value of a finite double. Throws InputError if it is not finite.
  static Rational from_double(double value, std::string_view what);

  /// "3/10"; integers without a denominator.
  std::string fraction() const;
  /// The shortest exact decimal when the denominator has only the factors 2 and 5 and the decimal
  /// has at most 40 digits, else the fraction. What messages and canonical names use.
  std::string text() const;
  /// Nearest double (ties to even).
  double to_double() const;

  int sign() const { return fmpq_sgn(value_); }
  const fmpq* raw() const { return value_; }
  fmpq* raw() { return value_; }

  friend Rational operator+(const Rational& a, const Rational& b);
  friend Rational operator-(const Rational& a, const Rational& b);
  friend Rational operator*(const Rational& a, const Rational& b);
  /// Throws InputError on division by zero.
  friend Rational operator/(const Rational& a, const Rational& b);
  friend bool operator==(const Rational& a, const Rational& b) {
    return fmpq_equal(a.value_, b.value_) != 0;
  }
  friend std::strong_ordering operator<=>(const Rational& a, const Rational& b) {
    return fmpq_cmp(a.value_, b.value_) <=> 0;
  }

 private:
  fmpq_t value_;
};

}  // namespace lemmabench
