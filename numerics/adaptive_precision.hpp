#pragma once

#include <fmt/format.h>

#include <cmath>
#include <utility>

#include "numerics/ball.hpp"
#include "numerics/error.hpp"

namespace lemmabench {

/// Bits that hold `digits` decimal digits: ceil(digits log2(10)).
inline long bits_for_digits(long digits) {
  return static_cast<long>(std::ceil(static_cast<double>(digits) * 3.3219280948873624));
}

/// What "digits" counts: |error| <= 10^-digits |value|, or |error| <= 10^-digits.
enum class Accuracy { relative, absolute };

/// True when the ball's radius is at most 10^-digits, relative to |value| or absolute.
/// An exact ball is always accurate; a ball that contains 0 never is in the relative sense.
inline bool accurate_to(const Ball& x, long digits, Accuracy accuracy = Accuracy::relative) {
  if (!x.finite()) {
    return false;
  }
  if (x.exact()) {
    return true;
  }
  const long bits = bits_for_digits(digits);
  if (accuracy == Accuracy::relative) {
    return x.relative_accuracy_bits() >= bits;
  }
  return mag_cmp_2exp_si(arb_radref(x.raw()), -bits) <= 0;
}

/// Runs `f()` (which returns a Ball) at doubling working precision until its radius is small
/// enough.
///
/// For functions of exact data, or data that f itself makes anew at each precision: a radius that
/// comes from the input does not shrink. Starts at digits log2(10) + 32 bits. Cost: at most about
/// twice that of the last run when f is quasi-linear in the precision.
/// Throws NumericalFailure when `cap_bits` does not suffice.
template <class F>
Ball enclose(F&& f, long digits, Accuracy accuracy = Accuracy::relative, long cap_bits = 65536) {
  for (long bits = bits_for_digits(digits) + 32;; bits *= 2) {
    if (bits > cap_bits) {
      throw NumericalFailure(
          fmt::format("{} digits were not reached within {} bits of precision", digits, cap_bits));
    }
    const PrecisionScope scope(bits);
    Ball result = std::forward<F>(f)();
    if (accurate_to(result, digits, accuracy)) {
      return result;
    }
  }
}

}  // namespace lemmabench
