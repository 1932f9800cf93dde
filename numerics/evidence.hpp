#pragma once

#include <string>
#include <string_view>
#include <variant>

#include "numerics/ball.hpp"

namespace lemmabench {

/// How sure a number is, from the strongest to the weakest.
enum class Evidence { proved, computed, sampled };

/// "proved", "computed" or "sampled".
std::string_view name(Evidence evidence);

/// The class of a result made from two others: the weaker of the two.
Evidence weaker(Evidence a, Evidence b);

/// A ball that contains the true value, truncation and tails included.
struct Proved {
  Ball enclosure;
};

/// A deterministic value with an error estimate obtained by refinement (never assumed).
struct Computed {
  /// Value and error are balls of whatever precision the computation had; only midpoints count.
  Ball value;
  Ball error;
};

/// A Monte Carlo estimate: |value - truth| <= half_width with probability `confidence`.
struct Sampled {
  double value = 0;
  double half_width = 0;
  double confidence = 0.99;
};

/// A number that carries its evidence. There is no way to turn a weaker class into a stronger one:
/// Proved is made only from a Ball, and arithmetic on two quantities gives the weaker class.
class Quantity {
 public:
  Quantity() : value_(Computed{}) {}
  Quantity(Proved value);    // NOLINT: the three classes are what a quantity is
  Quantity(Computed value);  // NOLINT
  Quantity(Sampled value);   // NOLINT
  /// A double with an error estimate obtained by refinement. Throws NumericalFailure if either is
  /// not finite or the error is negative.
  static Quantity computed(double value, double error);

  Evidence evidence() const;
  /// The enclosure of a proved quantity; throws NumericalFailure for the weaker classes, so that a
  /// proof cannot be built on them by accident.
  const Ball& enclosure() const;
  /// Midpoint and an upper bound of the error, as doubles (for plots and fits).
  double value() const;
  double error() const;
  /// The enclosure value +- error as a ball. For Computed and Sampled this is the claimed interval,
  /// not a proof: what is made from it keeps its class.
  Ball interval() const;
  /// Decimal strings with `digits` significant digits; the error covers what printing rounds away.
  DecimalEnclosure decimal(long digits) const;

  friend Quantity operator+(const Quantity& a, const Quantity& b);
  friend Quantity operator-(const Quantity& a, const Quantity& b);
  friend Quantity operator*(const Quantity& a, const Quantity& b);
  /// Throws NumericalFailure when b may be 0.
  friend Quantity operator/(const Quantity& a, const Quantity& b);

 private:
  std::variant<Proved, Computed, Sampled> value_;
};

enum class Verdict { holds, violated, inconclusive, not_applicable };

/// "holds", "violated", "inconclusive" or "not applicable".
std::string_view name(Verdict verdict);

/// A verdict with its reason in one sentence and the evidence it rests on.
struct Judgement {
  Verdict verdict = Verdict::inconclusive;
  std::string reason;
  Evidence evidence = Evidence::sampled;
};

/// Does lhs <= rhs hold? Decided by the intervals: holds when every point of lhs is at most every
/// point of rhs, violated when every point of lhs exceeds every point of rhs, else inconclusive.
Judgement at_most(const Quantity& lhs, const Quantity& rhs);

}  // namespace lemmabench
