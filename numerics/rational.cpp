#include "numerics/rational.hpp"

#include <fmt/format.h>

#include <cctype>
#include <cmath>
#include <memory>

#include "numerics/error.hpp"
#include "numerics/quoted.hpp"

namespace lemmabench {
namespace {

constexpr std::size_t kMaxLength = 10000;
constexpr long kMaxExponent = 9999;

[[noreturn]] void malformed(std::string_view text, std::string_view what) {
  throw InputError(fmt::format(
      "{}: '{}' is not a number; write a decimal such as 0.25 or 1e-3, or a fraction such as 1/3",
      what, quoted(text)));
}

/// Reads a run of digits at `at` and appends them to `digits`; returns how many.
std::size_t read_digits(std::string_view text, std::size_t& at, std::string& digits) {
  const std::size_t start = at;
  while (at < text.size() && std::isdigit(static_cast<unsigned char>(text[at])) != 0) {
    digits += text[at++];
  }
  return at - start;
}

void set_from_digits(fmpz_t out, const std::string& digits, bool negative) {
  fmpz_set_str(out, digits.c_str(), 10);
  if (negative) {
    fmpz_neg(out, out);
  }
}

/// RAII for an fmpz, which the FLINT C interface leaves to the caller.
struct Integer {
  Integer() { fmpz_init(value); }
  Integer(const Integer&) = delete;
  Integer& operator=(const Integer&) = delete;
  ~Integer() { fmpz_clear(value); }
  fmpz_t value;
};

bool read_sign(std::string_view text, std::size_t& at) {
  if (at < text.size() && (text[at] == '+' || text[at] == '-')) {
    return text[at++] == '-';
  }
  return false;
}

long read_exponent(std::string_view text, std::size_t& at, std::string_view what) {
  if (at == text.size() || (text[at] != 'e' && text[at] != 'E')) {
    return 0;
  }
  ++at;
  const bool negative = read_sign(text, at);
  std::string digits;
  if (read_digits(text, at, digits) == 0) {
    malformed(text, what);
  }
  if (digits.size() > 5 || std::stol(digits) > kMaxExponent) {
    throw InputError(
        fmt::format("{}: the exponent of '{}' is beyond +-{}", what, quoted(text), kMaxExponent));
  }
  return negative ? -std::stol(digits) : std::stol(digits);
}

}  // namespace

Rational::Rational(long numerator, long denominator) : Rational() {
  if (denominator == 0) {
    throw InputError("a fraction has denominator 0");
  }
  Integer p;
  Integer q;
  fmpz_set_si(p.value, numerator);
  fmpz_set_si(q.value, denominator);
  fmpq_set_fmpz_frac(value_, p.value, q.value);
}

Rational Rational::parse(std::string_view text, std::string_view what) {
  if (text.empty() || text.size() > kMaxLength) {
    malformed(text, what);
  }
  std::size_t at = 0;
  const bool negative = read_sign(text, at);
  std::string digits;
  const std::size_t whole = read_digits(text, at, digits);
  Rational result;
  if (at < text.size() && text[at] == '/') {
    ++at;
    std::string below;
    if (whole == 0 || read_digits(text, at, below) == 0 || at != text.size()) {
      malformed(text, what);
    }
    Integer p;
    Integer q;
    set_from_digits(p.value, digits, negative);
    set_from_digits(q.value, below, false);
    if (fmpz_is_zero(q.value) != 0) {
      throw InputError(fmt::format("{}: '{}' has denominator 0", what, quoted(text)));
    }
    fmpq_set_fmpz_frac(result.value_, p.value, q.value);
    return result;
  }
  long shift = 0;
  if (at < text.size() && text[at] == '.') {
    ++at;
    shift = static_cast<long>(read_digits(text, at, digits));
  }
  if (digits.empty()) {
    malformed(text, what);
  }
  const long exponent = read_exponent(text, at, what) - shift;
  if (at != text.size()) {
    malformed(text, what);
  }
  Integer p;
  Integer power;
  set_from_digits(p.value, digits, negative);
  fmpz_ui_pow_ui(power.value, 10, static_cast<ulong>(std::labs(exponent)));
  if (exponent >= 0) {
    fmpz_mul(p.value, p.value, power.value);
    fmpz_one(power.value);
  }
  fmpq_set_fmpz_frac(result.value_, p.value, power.value);
  return result;
}

Rational Rational::from_double(double value, std::string_view what) {
  if (!std::isfinite(value)) {
    throw InputError(fmt::format("{}: {} is not a finite number", what, value));
  }
  int exponent = 0;
  const double mantissa = std::frexp(value, &exponent);
  Rational result;
  Integer p;
  Integer power;
  fmpz_set_d(p.value, std::ldexp(mantissa, 53));
  exponent -= 53;
  fmpz_ui_pow_ui(power.value, 2, static_cast<ulong>(std::abs(exponent)));
  if (exponent >= 0) {
    fmpz_mul(p.value, p.value, power.value);
    fmpz_one(power.value);
  }
  fmpq_set_fmpz_frac(result.value_, p.value, power.value);
  return result;
}

std::string Rational::fraction() const {
  const std::unique_ptr<char, void (*)(void*)> text(fmpq_get_str(nullptr, 10, value_), flint_free);
  return text.get();
}

std::string Rational::text() const {
  constexpr int kMaxDigits = 40;
  Integer scaled;
  Integer remainder;
  Integer power;
  for (int places = 0; places <= kMaxDigits; ++places) {
    fmpz_ui_pow_ui(power.value, 10, static_cast<ulong>(places));
    fmpz_mul(scaled.value, fmpq_numref(value_), power.value);
    fmpz_fdiv_r(remainder.value, scaled.value, fmpq_denref(value_));
    if (fmpz_is_zero(remainder.value) == 0) {
      continue;
    }
    fmpz_divexact(scaled.value, scaled.value, fmpq_denref(value_));
    const bool negative = fmpz_sgn(scaled.value) < 0;
    fmpz_abs(scaled.value, scaled.value);
    const std::unique_ptr<char, void (*)(void*)> raw(fmpz_get_str(nullptr, 10, scaled.value),
                                                     flint_free);
    std::string digits = raw.get();
    const auto wanted = static_cast<std::size_t>(places);
    if (digits.size() <= wanted) {
      digits.insert(0, wanted + 1 - digits.size(), '0');
    }
    if (places > 0) {
      digits.insert(digits.size() - wanted, 1, '.');
    }
    return digits.size() > kMaxDigits + 2 ? fraction() : (negative ? "-" : "") + digits;
  }
  return fraction();
}

double Rational::to_double() const {
  arf_t nearest;
  arf_init(nearest);
  // 53 bits rounded to nearest is the correctly rounded double in the normal range.
  arf_fmpz_div_fmpz(nearest, fmpq_numref(value_), fmpq_denref(value_), 53, ARF_RND_NEAR);
  const double result = arf_get_d(nearest, ARF_RND_NEAR);
  arf_clear(nearest);
  return result;
}

Rational operator+(const Rational& a, const Rational& b) {
  Rational result;
  fmpq_add(result.value_, a.value_, b.value_);
  return result;
}

Rational operator-(const Rational& a, const Rational& b) {
  Rational result;
  fmpq_sub(result.value_, a.value_, b.value_);
  return result;
}

Rational operator*(const Rational& a, const Rational& b) {
  Rational result;
  fmpq_mul(result.value_, a.value_, b.value_);
  return result;
}

Rational operator/(const Rational& a, const Rational& b) {
  if (b.sign() == 0) {
    throw InputError("division of a rational number by zero");
  }
  Rational result;
  fmpq_div(result.value_, a.value_, b.value_);
  return result;
}

}  // namespace lemmabench
