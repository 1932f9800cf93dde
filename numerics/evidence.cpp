#include "numerics/evidence.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>

#include "numerics/error.hpp"

namespace lemmabench {

std::string_view name(Evidence evidence) {
  switch (evidence) {
    case Evidence::proved:
      return "proved";
    case Evidence::computed:
      return "computed";
    case Evidence::sampled:
      return "sampled";
  }
  return "";
}

std::string_view name(Verdict verdict) {
  switch (verdict) {
    case Verdict::holds:
      return "holds";
    case Verdict::violated:
      return "violated";
    case Verdict::inconclusive:
      return "inconclusive";
    case Verdict::not_applicable:
      return "not applicable";
  }
  return "";
}

std::string_view name(Extent extent) {
  switch (extent) {
    case Extent::finite:
      return "finite";
    case Extent::infinite:
      return "infinite";
    case Extent::bounded_above:
      return "bounded above";
    case Extent::bounded_below:
      return "bounded below";
    case Extent::unknown:
      return "unknown";
  }
  return "";
}

Evidence weaker(Evidence a, Evidence b) { return std::max(a, b); }

namespace {

void require_finite(const Ball& x) {
  if (!x.finite()) {
    throw NumericalFailure("a quantity is not finite");
  }
}

/// The radius, rounded up.
double radius_above(const Ball& x) {
  Ball radius = x.radius();
  return arf_get_d(arb_midref(radius.raw()), ARF_RND_UP);
}

/// Combines two intervals and labels the result with the weaker class.
Quantity labelled(const Quantity& a, const Quantity& b, Ball interval) {
  const Evidence evidence = weaker(a.evidence(), b.evidence());
  if (evidence == Evidence::proved) {
    return Proved{std::move(interval)};
  }
  if (evidence == Evidence::computed) {
    return Computed{interval.midpoint(), interval.radius()};
  }
  return Sampled{interval.to_double(), radius_above(interval),
                 std::max(0.0, a.confidence() + b.confidence() - 1)};
}

}  // namespace

Quantity::Quantity(Proved value) : value_(std::move(value)) {
  require_finite(std::get<Proved>(value_).enclosure);
}

Quantity::Quantity(Computed value) : value_(std::move(value)) {
  require_finite(std::get<Computed>(value_).value);
  require_finite(std::get<Computed>(value_).error);
}

Quantity::Quantity(Sampled value) : value_(value) {
  if (!std::isfinite(value.value) || !std::isfinite(value.half_width)) {
    throw NumericalFailure("a sampled quantity is not finite");
  }
}

Quantity Quantity::computed(double value, double error) {
  if (!std::isfinite(value) || !std::isfinite(error) || error < 0) {
    throw NumericalFailure(
        fmt::format("a computed quantity came out as {} with error {}", value, error));
  }
  return Computed{Ball::exactly(value), Ball::exactly(error)};
}

Quantity Quantity::infinite(Evidence evidence, std::string reason) {
  Quantity out;
  out.extent_ = Extent::infinite;
  out.reason_ = std::move(reason);
  out.other_evidence_ = evidence;
  return out;
}

Quantity Quantity::unknown(Evidence evidence, std::string reason) {
  Quantity out = infinite(evidence, std::move(reason));
  out.extent_ = Extent::unknown;
  return out;
}

Quantity Quantity::at_most(Quantity bound) {
  bound.require_finite_extent();
  bound.extent_ = Extent::bounded_above;
  return bound;
}

Quantity Quantity::at_least(Quantity bound) {
  bound.require_finite_extent();
  bound.extent_ = Extent::bounded_below;
  return bound;
}

Quantity Quantity::bound() const {
  if (extent_ != Extent::bounded_above && extent_ != Extent::bounded_below) {
    throw NumericalFailure(
        fmt::format("a bound was asked of a quantity that is {}", lemmabench::name(extent_)));
  }
  Quantity out = *this;
  out.extent_ = Extent::finite;
  return out;
}

void Quantity::require_finite_extent() const {
  if (!finite()) {
    throw NumericalFailure(fmt::format("a number was asked of a quantity that is {}{}",
                                       lemmabench::name(extent_),
                                       reason_.empty() ? "" : ": " + reason_));
  }
}

Evidence Quantity::evidence() const {
  const bool known = extent_ != Extent::infinite && extent_ != Extent::unknown;
  return known ? static_cast<Evidence>(value_.index()) : other_evidence_;
}

double Quantity::confidence() const {
  const auto* sampled = std::get_if<Sampled>(&value_);
  return sampled == nullptr ? 1 : sampled->confidence;
}

Ball Quantity::interval() const {
  require_finite_extent();
  if (const auto* proved = std::get_if<Proved>(&value_)) {
    return proved->enclosure;
  }
  if (const auto* computed = std::get_if<Computed>(&value_)) {
    return Ball::around(computed->value.midpoint(), computed->error);
  }
  const auto& sampled = std::get<Sampled>(value_);
  return Ball::around(Ball::exactly(sampled.value), Ball::exactly(sampled.half_width));
}

const Ball& Quantity::enclosure() const {
  require_finite_extent();
  const auto* proved = std::get_if<Proved>(&value_);
  if (proved == nullptr) {
    throw NumericalFailure("a proof was asked of a quantity that is only " +
                           std::string(name(evidence())));
  }
  return proved->enclosure;
}

double Quantity::value() const { return interval().to_double(); }

double Quantity::error() const { return radius_above(interval()); }

DecimalEnclosure Quantity::decimal(long digits) const { return to_decimal(interval(), digits); }

namespace {

/// The sum of two quantities of which one at least is not finite.
Quantity sum_of_extents(const Quantity& a, const Quantity& b) {
  const Evidence evidence = weaker(a.evidence(), b.evidence());
  const Quantity& odd = a.finite() ? b : a;
  const Quantity& other = a.finite() ? a : b;
  for (const Quantity* each : {&a, &b}) {
    if (each->extent() == Extent::unknown) {
      return Quantity::unknown(evidence, each->reason());
    }
  }
  if (odd.extent() == Extent::infinite && other.extent() != Extent::bounded_above) {
    return Quantity::infinite(evidence, odd.reason());
  }
  if (odd.extent() == Extent::bounded_above &&
      (other.finite() || other.extent() == Extent::bounded_above)) {
    return Quantity::at_most(odd.bound() + (other.finite() ? other : other.bound()));
  }
  if (odd.extent() == Extent::bounded_below &&
      (other.finite() || other.extent() == Extent::bounded_below)) {
    return Quantity::at_least(odd.bound() + (other.finite() ? other : other.bound()));
  }
  return Quantity::unknown(evidence, "a bound from above and one from below do not add up");
}

}  // namespace

Quantity operator+(const Quantity& a, const Quantity& b) {
  if (!a.finite() || !b.finite()) {
    return sum_of_extents(a, b);
  }
  return labelled(a, b, a.interval() + b.interval());
}

Quantity operator-(const Quantity& a, const Quantity& b) {
  return labelled(a, b, a.interval() - b.interval());
}

Quantity operator*(const Quantity& a, const Quantity& b) {
  return labelled(a, b, a.interval() * b.interval());
}

Quantity operator/(const Quantity& a, const Quantity& b) {
  return labelled(a, b, a.interval() / b.interval());
}

namespace {

/// One side of an inequality: all that is known of it, as the ends of an interval that may be
/// missing.
struct Side {
  std::optional<Ball> lower;  ///< the true value is at least a point of this
  std::optional<Ball> upper;  ///< and at most a point of this
  bool infinite = false;
  std::string words;
};

Side side_of(const Quantity& quantity) {
  switch (quantity.extent()) {
    case Extent::finite:
      return {quantity.interval(), quantity.interval(), false, quantity.decimal(6).value};
    case Extent::bounded_above:
      return {std::nullopt, quantity.bound().interval(), false,
              "at most " + quantity.bound().decimal(6).value};
    case Extent::bounded_below:
      return {quantity.bound().interval(), std::nullopt, false,
              "at least " + quantity.bound().decimal(6).value};
    case Extent::infinite:
      return {std::nullopt, std::nullopt, true, "infinity"};
    case Extent::unknown:
      break;
  }
  return {std::nullopt, std::nullopt, false, "a number that is not known"};
}

bool certainly_at_most(const Side& left, const Side& right) {
  if (right.infinite) {
    return true;  // of extended numbers, whatever the left one is
  }
  return left.upper && right.lower && arb_le(left.upper->raw(), right.lower->raw()) != 0;
}

bool certainly_above(const Side& left, const Side& right) {
  if (left.infinite) {
    return right.upper.has_value();
  }
  return left.lower && right.upper && right.upper->less_than(*left.lower) == Truth::certainly;
}

}  // namespace

Judgement at_most(const Quantity& lhs, const Quantity& rhs) {
  Judgement out;
  out.evidence = weaker(lhs.evidence(), rhs.evidence());
  const Side left = side_of(lhs);
  const Side right = side_of(rhs);
  const std::string sides = fmt::format("{} against {}", left.words, right.words);
  if (certainly_at_most(left, right)) {
    out.verdict = Verdict::holds;
    out.reason = sides;
  } else if (certainly_above(left, right)) {
    out.verdict = Verdict::violated;
    out.reason = sides;
  } else if (lhs.finite() && rhs.finite()) {
    out.reason = "the error intervals overlap: " + sides;
  } else {
    out.reason = "too little is known: " + sides;
  }
  return out;
}

}  // namespace lemmabench
