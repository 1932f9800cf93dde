#pragma once

#include "numerics/scalar.hpp"

namespace lemmabench {

/// A complex number over double or Mp. std::complex is unspecified for other types than the
/// built-in ones, and its double product checks for NaN at every turn. Balls use acb_t instead.
template <class Real>
struct Complex {
  Real re{};
  Real im{};

  friend Complex operator+(const Complex& a, const Complex& b) {
    return {a.re + b.re, a.im + b.im};
  }
  friend Complex operator-(const Complex& a, const Complex& b) {
    return {a.re - b.re, a.im - b.im};
  }
  friend Complex operator*(const Complex& a, const Complex& b) {
    return {a.re * b.re - a.im * b.im, a.re * b.im + a.im * b.re};
  }
  /// Smith's division: no overflow where the quotient has none.
  friend Complex operator/(const Complex& a, const Complex& b) {
    using std::abs;
    if (abs(b.re) >= abs(b.im)) {
      const Real r = b.im / b.re;
      const Real d = b.re + b.im * r;
      return {(a.re + a.im * r) / d, (a.im - a.re * r) / d};
    }
    const Real r = b.re / b.im;
    const Real d = b.re * r + b.im;
    return {(a.re * r + a.im) / d, (a.im * r - a.re) / d};
  }
  friend Complex operator+(const Complex& a, int b) { return {a.re + b, a.im}; }
  friend Complex operator*(const Complex& a, int b) { return {a.re * b, a.im * b}; }
  friend Complex operator/(const Complex& a, int b) { return {a.re / b, a.im / b}; }
  friend Complex operator*(const Real& a, const Complex& b) { return {a * b.re, a * b.im}; }
};

/// |re| + |im|, within a factor sqrt(2) of the modulus.
template <class Real>
Real taxicab(const Complex<Real>& z) {
  using std::abs;
  return abs(z.re) + abs(z.im);
}

template <class Real>
Complex<Real> exp(const Complex<Real>& z) {
  using std::cos;
  using std::exp;
  using std::sin;
  const Real modulus = exp(z.re);
  return {modulus * cos(z.im), modulus * sin(z.im)};
}

/// The principal logarithm; z != 0 and |z|^2 within range.
template <class Real>
Complex<Real> log(const Complex<Real>& z) {
  using std::atan2;
  using std::log;
  return {log(z.re * z.re + z.im * z.im) / 2, atan2(z.im, z.re)};
}

}  // namespace lemmabench
