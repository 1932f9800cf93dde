#pragma once

#include <utility>

#include "numerics/arb.hpp"
#include "numerics/ball.hpp"

namespace lemmabench {

/// A complex number enclosed by a rectangle of two balls (Arb's acb_t), with the same promise as
/// Ball: every operation contains the exact result for every choice of points in the operands, at
/// the thread's working precision. Functions with a cut (log, sqrt) take `analytic`: true asks for
/// an infinite result where the argument meets the cut, which is what rigorous integration needs
/// (numerics/ball_integral.hpp). Cost: about three times that of Ball.
/// Source: as Ball; F. Johansson, "Numerical integration in arbitrary-precision ball arithmetic",
/// ICMS 2018.
class ComplexBall {
 public:
  ComplexBall() { acb_init(value_); }
  ComplexBall(int value) : ComplexBall() { acb_set_si(value_, value); }  // NOLINT: exact
  ComplexBall(const Ball& real) : ComplexBall() { acb_set_arb(value_, real.raw()); }  // NOLINT
  ComplexBall(const Ball& real, const Ball& imaginary) : ComplexBall() {
    acb_set_arb_arb(value_, real.raw(), imaginary.raw());
  }
  ComplexBall(const ComplexBall& other) : ComplexBall() { acb_set(value_, other.value_); }
  ComplexBall(ComplexBall&& other) noexcept : ComplexBall() { acb_swap(value_, other.value_); }
  ComplexBall& operator=(const ComplexBall& other) {
    acb_set(value_, other.value_);
    return *this;
  }
  ComplexBall& operator=(ComplexBall&& other) noexcept {
    acb_swap(value_, other.value_);
    return *this;
  }
  ~ComplexBall() { acb_clear(value_); }

  /// The result that says nothing, for arguments where a function is not analytic.
  static ComplexBall indeterminate() {
    ComplexBall result;
    acb_indeterminate(result.value_);
    return result;
  }

  ComplexBall& operator+=(const ComplexBall& b) {
    return acb_add(value_, value_, b.value_, prec()), *this;
  }
  ComplexBall& operator-=(const ComplexBall& b) {
    return acb_sub(value_, value_, b.value_, prec()), *this;
  }
  ComplexBall& operator*=(const ComplexBall& b) {
    return acb_mul(value_, value_, b.value_, prec()), *this;
  }
  ComplexBall& operator/=(const ComplexBall& b) {
    return acb_div(value_, value_, b.value_, prec()), *this;
  }
  ComplexBall& operator*=(const Ball& b) {
    return acb_mul_arb(value_, value_, b.raw(), prec()), *this;
  }
  ComplexBall& operator/=(const Ball& b) {
    return acb_div_arb(value_, value_, b.raw(), prec()), *this;
  }

  Ball real() const {
    Ball result;
    arb_set(result.raw(), acb_realref(value_));
    return result;
  }
  Ball imaginary() const {
    Ball result;
    arb_set(result.raw(), acb_imagref(value_));
    return result;
  }
  bool finite() const { return acb_is_finite(value_) != 0; }

  const acb_struct* raw() const { return value_; }
  acb_struct* raw() { return value_; }

 private:
  static long prec() { return PrecisionScope::bits(); }
  acb_t value_;
};

// By value on the left, so that a temporary's storage is taken over.
inline ComplexBall operator+(ComplexBall a, const ComplexBall& b) { return std::move(a += b); }
inline ComplexBall operator-(ComplexBall a, const ComplexBall& b) { return std::move(a -= b); }
inline ComplexBall operator*(ComplexBall a, const ComplexBall& b) { return std::move(a *= b); }
inline ComplexBall operator/(ComplexBall a, const ComplexBall& b) { return std::move(a /= b); }
inline ComplexBall operator*(ComplexBall a, const Ball& b) { return std::move(a *= b); }
inline ComplexBall operator*(const Ball& a, ComplexBall b) { return std::move(b *= a); }
inline ComplexBall operator/(ComplexBall a, const Ball& b) { return std::move(a /= b); }
inline ComplexBall operator*(ComplexBall a, int b) {
  acb_mul_si(a.raw(), a.raw(), b, PrecisionScope::bits());
  return a;
}
inline ComplexBall operator*(int a, ComplexBall b) { return std::move(b) * a; }
inline ComplexBall operator/(ComplexBall a, int b) {
  acb_div_si(a.raw(), a.raw(), b, PrecisionScope::bits());
  return a;
}
inline ComplexBall operator-(ComplexBall a) {
  acb_neg(a.raw(), a.raw());
  return a;
}

/// z^2, tighter than z * z on wide balls.
inline ComplexBall square(const ComplexBall& z) {
  ComplexBall result;
  acb_sqr(result.raw(), z.raw(), PrecisionScope::bits());
  return result;
}
inline ComplexBall exp(const ComplexBall& z) {
  ComplexBall result;
  acb_exp(result.raw(), z.raw(), PrecisionScope::bits());
  return result;
}
/// The principal branch, cut along (-inf, 0].
inline ComplexBall log(const ComplexBall& z, bool analytic = true) {
  ComplexBall result;
  acb_log_analytic(result.raw(), z.raw(), analytic ? 1 : 0, PrecisionScope::bits());
  return result;
}
/// The principal branch, cut along (-inf, 0].
inline ComplexBall sqrt(const ComplexBall& z, bool analytic) {
  ComplexBall result;
  acb_sqrt_analytic(result.raw(), z.raw(), analytic ? 1 : 0, PrecisionScope::bits());
  return result;
}
/// |x| on the real line continued to z on the right and -z on the left half-plane.
inline ComplexBall real_abs(const ComplexBall& z, bool analytic) {
  ComplexBall result;
  acb_real_abs(result.raw(), z.raw(), analytic ? 1 : 0, PrecisionScope::bits());
  return result;
}

}  // namespace lemmabench
