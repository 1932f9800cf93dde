#pragma once

#include <string>
#include <string_view>

#include "numerics/rational.hpp"

namespace lemmabench {

/// The arithmetic a law is asked for in. It is the Gaussian law's: ball (every number proved), mp
/// or double (computed); the other laws choose theirs by the digits. Ball with a width W asks for
/// total variations that are proved, enclosed to the length W, of a mixture on the line as well. A
/// certificate takes the place of any law: bounds by the path certificate, to a relative error R of
/// the path's KL.
class LawArithmetic {
 public:
  enum class Kind { ball, mp, in_double, certificate };

  /// ball
  LawArithmetic() = default;
  static LawArithmetic ball() { return {}; }
  /// Throws InputError starting with `origin` unless 0 < W <= 1/1000.
  static LawArithmetic ball_to(const Rational& width, std::string_view origin);
  static LawArithmetic mp() { return LawArithmetic(Kind::mp); }
  static LawArithmetic in_double() { return LawArithmetic(Kind::in_double); }
  /// Throws InputError starting with `origin` unless 0 < R <= 1/2.
  static LawArithmetic certificate(const Rational& relative_error, std::string_view origin);

  /// "ball", "ball:W", "mp", "double" or "certificate:R". Throws InputError starting with `origin`
  /// for another word, for a W or R that is no number, and for one out of range.
  static LawArithmetic parse(std::string_view text, std::string_view origin);

  /// The text that parse() reads back as this; one for every spelling of R.
  std::string text() const;

  Kind kind() const { return kind_; }
  bool is_certificate() const { return kind_ == Kind::certificate; }
  /// R of a certificate, 0 of the others.
  const Rational& relative_error() const { return amount_of(Kind::certificate); }
  /// Ball with a width: W; else 0.
  const Rational& width() const { return amount_of(Kind::ball); }
  bool has_width() const { return width().sign() > 0; }

  friend bool operator==(const LawArithmetic& a, const LawArithmetic& b) {
    return a.kind_ == b.kind_ && a.amount_ == b.amount_;
  }

 private:
  explicit LawArithmetic(Kind kind) : kind_(kind) {}
  const Rational& amount_of(Kind kind) const {
    static const Rational kNone;
    return kind_ == kind ? amount_ : kNone;
  }

  Kind kind_ = Kind::ball;
  Rational amount_;  ///< W of ball, R of a certificate
};

}  // namespace lemmabench
