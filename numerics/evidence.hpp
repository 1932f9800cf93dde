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

/// What is known of where a number lies: an interval around a value, that it is +infinity, a bound
/// on one side only, or nothing.
enum class Extent { finite, infinite, bounded_above, bounded_below, unknown };

/// "finite", "infinite", "bounded above", "bounded below" or "unknown".
std::string_view name(Extent extent);

/// A number that carries its evidence. There is no way to turn a weaker class into a stronger one:
/// Proved is made only from a Ball, and arithmetic on two quantities gives the weaker class.
///
/// Most quantities are finite: value +- error. One that is not has no value, and whoever asks it
/// for one gets NumericalFailure instead of a number that means something else: look at extent()
/// first where it may be another.
class Quantity {
 public:
  Quantity() : value_(Computed{}) {}
  Quantity(Proved value);    // NOLINT: the three classes are what a quantity is
  Quantity(Computed value);  // NOLINT
  Quantity(Sampled value);   // NOLINT
  /// A double with an error estimate obtained by refinement. Throws NumericalFailure if either is
  /// not finite or the error is negative.
  static Quantity computed(double value, double error);
  /// +infinity, known with this evidence; `reason` says in one sentence why.
  static Quantity infinite(Evidence evidence, std::string reason);
  /// Nothing is known; `evidence` is what the computation that failed to know it would have given.
  static Quantity unknown(Evidence evidence, std::string reason);
  /// At most every point that `bound`, a finite quantity, may be; at least every such point.
  static Quantity at_most(Quantity bound);
  static Quantity at_least(Quantity bound);

  Extent extent() const { return extent_; }
  bool finite() const { return extent_ == Extent::finite; }
  /// Why an infinite or unknown quantity is what it is; empty for the others.
  const std::string& reason() const { return reason_; }
  /// The bound of a quantity that is bounded above or below; throws NumericalFailure for others.
  Quantity bound() const;

  Evidence evidence() const;
  /// The level of the interval of a sampled quantity; 1 for the other classes.
  double confidence() const;
  /// The enclosure of a proved finite quantity; throws NumericalFailure for the weaker classes, so
  /// that a proof cannot be built on them by accident.
  const Ball& enclosure() const;
  /// Midpoint and an upper bound of the error, as doubles (for plots and fits). These, interval()
  /// and decimal() throw NumericalFailure unless finite().
  double value() const;
  double error() const;
  /// The enclosure value +- error as a ball. For Computed and Sampled this is the claimed interval,
  /// not a proof: what is made from it keeps its class.
  Ball interval() const;
  /// Decimal strings with `digits` significant digits; the error covers what printing rounds away.
  DecimalEnclosure decimal(long digits) const;

  /// Two sampled intervals hold together at least with the confidence a + b - 1.
  /// Of quantities that are not finite only + is defined: it is infinite if one of two known to be
  /// above minus infinity is, unknown if one is unknown. Everything else throws NumericalFailure.
  friend Quantity operator+(const Quantity& a, const Quantity& b);
  friend Quantity operator-(const Quantity& a, const Quantity& b);
  friend Quantity operator*(const Quantity& a, const Quantity& b);
  /// Throws NumericalFailure when b may be 0.
  friend Quantity operator/(const Quantity& a, const Quantity& b);

 private:
  void require_finite_extent() const;

  std::variant<Proved, Computed, Sampled> value_;  ///< of a one-sided quantity the bound
  Extent extent_ = Extent::finite;
  std::string reason_;
  Evidence other_evidence_ = Evidence::sampled;  ///< of infinite and unknown
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
/// An infinite side decides against any finite one; a bound on one side decides what it can.
Judgement at_most(const Quantity& lhs, const Quantity& rhs);

}  // namespace lemmabench
