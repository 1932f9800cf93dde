#include "numerics/ball.hpp"

#include <fmt/format.h>

#include <memory>

#include "numerics/error.hpp"

namespace lemmabench {

thread_local long PrecisionScope::current_ = 128;

PrecisionScope::PrecisionScope(long bits) : former_(current_) {
  if (bits < 32 || bits > 1000000) {
    throw InputError(fmt::format("precision: {} bits; use 32 to 1000000", bits));
  }
  current_ = bits;
}

Ball Ball::exactly(double value) {
  Ball result;
  arb_set_d(result.value_, value);
  return result;
}

Ball Ball::pi() {
  Ball result;
  arb_const_pi(result.value_, prec());
  return result;
}

Ball Ball::around(const Ball& midpoint, const Ball& radius) {
  Ball result(midpoint);
  arb_add_error(result.value_, radius.value_);
  return result;
}

Ball Ball::hull(const Ball& a, const Ball& b) {
  Ball result;
  arb_union(result.value_, a.value_, b.value_, prec());
  return result;
}

Truth Ball::positive() const {
  if (arb_is_positive(value_) != 0) {
    return Truth::certainly;
  }
  return arb_is_nonpositive(value_) != 0 ? Truth::certainly_not : Truth::unknown;
}

Truth Ball::less_than(const Ball& other) const {
  if (arb_lt(value_, other.value_) != 0) {
    return Truth::certainly;
  }
  return arb_ge(value_, other.value_) != 0 ? Truth::certainly_not : Truth::unknown;
}

Ball Ball::midpoint() const {
  Ball result;
  arb_get_mid_arb(result.value_, value_);
  return result;
}

Ball Ball::radius() const {
  Ball result;
  arb_get_rad_arb(result.value_, value_);
  return result;
}

Ball Ball::magnitude_upper() const {
  Ball result;
  arb_get_abs_ubound_arf(arb_midref(result.value_), value_, prec());
  return result;
}

Ball Ball::magnitude_lower() const {
  Ball result;
  arb_get_abs_lbound_arf(arb_midref(result.value_), value_, prec());
  return result;
}

Ball sqrt(const Ball& x) {
  Ball result;
  arb_sqrt(result.raw(), x.raw(), PrecisionScope::bits());
  return result;
}

Ball exp(const Ball& x) {
  Ball result;
  arb_exp(result.raw(), x.raw(), PrecisionScope::bits());
  return result;
}

Ball expm1(const Ball& x) {
  Ball result;
  arb_expm1(result.raw(), x.raw(), PrecisionScope::bits());
  return result;
}

Ball log(const Ball& x) {
  Ball result;
  arb_log(result.raw(), x.raw(), PrecisionScope::bits());
  return result;
}

Ball log1p(const Ball& x) {
  Ball result;
  arb_log1p(result.raw(), x.raw(), PrecisionScope::bits());
  return result;
}

Ball sin(const Ball& x) {
  Ball result;
  arb_sin(result.raw(), x.raw(), PrecisionScope::bits());
  return result;
}

Ball cos(const Ball& x) {
  Ball result;
  arb_cos(result.raw(), x.raw(), PrecisionScope::bits());
  return result;
}

Ball abs(const Ball& x) {
  Ball result;
  arb_abs(result.raw(), x.raw());
  return result;
}

Ball pow(const Ball& x, const Ball& p) {
  Ball result;
  arb_pow(result.raw(), x.raw(), p.raw(), PrecisionScope::bits());
  return result;
}

Ball lgamma(const Ball& x) {
  Ball result;
  arb_lgamma(result.raw(), x.raw(), PrecisionScope::bits());
  return result;
}

namespace {

/// The midpoint of `x` rounded to `digits` significant digits, as Arb prints it.
std::string midpoint_digits(const Ball& x, long digits) {
  const Ball midpoint = x.midpoint();
  const std::unique_ptr<char, void (*)(void*)> text(
      arb_get_str(midpoint.raw(), digits, ARB_STR_NO_RADIUS | ARB_STR_MORE), flint_free);
  return text.get();
}

// What Rational::parse reads goes to 10^+-9999.
constexpr long kMostExponent = 9990;

/// 10^k.
Ball power_of_ten(long k) { return pow(Ball(10), Ball(k)); }

/// |x| < 10^-9990: less than what is read back.
bool below_print(const Ball& x) {
  return x.less_than(power_of_ten(-kMostExponent)) == Truth::certainly;
}

/// An upper bound of the magnitude of `x` with three digits: round up, then check and widen.
std::string upper_digits(const Ball& x) {
  const Ball bound = x.magnitude_upper();
  if (arb_is_zero(bound.raw()) != 0) {
    return "0";
  }
  if (below_print(bound)) {
    return fmt::format("1e-{}", kMostExponent);
  }
  // 1.006 > 1 + 0.005 covers rounding to three digits (relative error at most 5e-3).
  return midpoint_digits(bound * Ball(Rational(1006, 1000)), 3);
}

}  // namespace

DecimalEnclosure to_decimal(const Ball& x, long digits) {
  if (!x.finite()) {
    throw NumericalFailure("an enclosure has no finite bound");
  }
  const Ball size = x.magnitude_upper();
  if (power_of_ten(kMostExponent).less_than(size) != Truth::certainly_not) {
    throw NumericalFailure(fmt::format("a number above 1e{} cannot be printed", kMostExponent));
  }
  if (arb_is_zero(size.raw()) == 0 && below_print(size)) {
    return {"0", fmt::format("1e-{}", kMostExponent)};
  }
  // Guard bits so that reading the printed decimal back adds nothing to the third digit.
  const PrecisionScope scope(std::max<long>(PrecisionScope::bits(), digits * 4 + 64));
  DecimalEnclosure out;
  out.value = midpoint_digits(x, digits);
  const Ball printed(Rational::parse(out.value, "printed midpoint"));
  out.error = upper_digits(x - printed);
  return out;
}

}  // namespace lemmabench
