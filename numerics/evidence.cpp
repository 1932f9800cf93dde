#include "numerics/evidence.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

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

Evidence weaker(Evidence a, Evidence b) { return std::max(a, b); }

namespace {

void require_finite(const Ball& x) {
  if (!x.finite()) {
    throw NumericalFailure("a quantity is not finite");
  }
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
  return Sampled{interval.to_double(), interval.radius().to_double()};
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

Evidence Quantity::evidence() const { return static_cast<Evidence>(value_.index()); }

Ball Quantity::interval() const {
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
  const auto* proved = std::get_if<Proved>(&value_);
  if (proved == nullptr) {
    throw NumericalFailure("a proof was asked of a quantity that is only " +
                           std::string(name(evidence())));
  }
  return proved->enclosure;
}

double Quantity::value() const { return interval().to_double(); }

double Quantity::error() const {
  Ball radius = interval().radius();
  return arf_get_d(arb_midref(radius.raw()), ARF_RND_UP);
}

DecimalEnclosure Quantity::decimal(long digits) const { return to_decimal(interval(), digits); }

Quantity operator+(const Quantity& a, const Quantity& b) {
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

Judgement at_most(const Quantity& lhs, const Quantity& rhs) {
  Judgement out;
  out.evidence = weaker(lhs.evidence(), rhs.evidence());
  const Ball left = lhs.interval();
  const Ball right = rhs.interval();
  const std::string sides =
      fmt::format("{} against {}", lhs.decimal(6).value, rhs.decimal(6).value);
  if (arb_le(left.raw(), right.raw()) != 0) {
    out.verdict = Verdict::holds;
    out.reason = sides;
  } else if (right.less_than(left) == Truth::certainly) {
    out.verdict = Verdict::violated;
    out.reason = sides;
  } else {
    out.reason = "the error intervals overlap: " + sides;
  }
  return out;
}

}  // namespace lemmabench
