#include "theory/process/law_arithmetic.hpp"

#include <fmt/format.h>

#include "numerics/error.hpp"
#include "numerics/quoted.hpp"

namespace lemmabench {
namespace {

constexpr std::string_view kCertificate = "certificate:";
constexpr std::string_view kBallTo = "ball:";

}  // namespace

LawArithmetic LawArithmetic::certificate(const Rational& relative_error, std::string_view origin) {
  const double nearest = relative_error.to_double();
  if (!(nearest > 0 && relative_error <= Rational(1, 2))) {
    throw InputError(fmt::format(
        "{}: certificate: the relative error {} must be above 0 and at most 0.5", origin, nearest));
  }
  LawArithmetic out(Kind::certificate);
  out.amount_ = relative_error;
  return out;
}

LawArithmetic LawArithmetic::ball_to(const Rational& width, std::string_view origin) {
  const double nearest = width.to_double();
  if (!(nearest > 0 && width <= Rational(1, 1000))) {
    throw InputError(
        fmt::format("{}: the width {} must be above 0 and at most 0.001", origin, nearest));
  }
  LawArithmetic out(Kind::ball);
  out.amount_ = width;
  return out;
}

LawArithmetic LawArithmetic::parse(std::string_view text, std::string_view origin) {
  if (text.starts_with(kCertificate)) {
    const std::string what = fmt::format("{}: certificate", origin);
    return certificate(Rational::parse(text.substr(kCertificate.size()), what), origin);
  }
  if (text.starts_with(kBallTo)) {
    const std::string what = fmt::format("{}: ball", origin);
    return ball_to(Rational::parse(text.substr(kBallTo.size()), what), what);
  }
  for (const LawArithmetic& known : {ball(), mp(), in_double()}) {
    if (known.text() == text) {
      return known;
    }
  }
  throw InputError(
      fmt::format("{}: arithmetic '{}' is none of ball, ball:W, mp, double, certificate:R", origin,
                  quoted(text)));
}

std::string LawArithmetic::text() const {
  switch (kind_) {
    case Kind::ball:
      return has_width() ? std::string(kBallTo) + width().text() : "ball";
    case Kind::mp:
      return "mp";
    case Kind::in_double:
      return "double";
    case Kind::certificate:
      break;
  }
  return std::string(kCertificate) + relative_error().text();
}

}  // namespace lemmabench
