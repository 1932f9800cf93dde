#include "theory/claims/comparisons.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "numerics/adaptive_precision.hpp"
#include "numerics/ball_functions.hpp"

namespace lemmabench {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

/// log(right/left) for right > 0; +inf when left <= 0, -inf when right <= 0 < left. A double for
/// ordering and display: the verdict never looks at it.
double log_margin(const Ball& left, const Ball& right) {
  if (arb_is_nonpositive(left.raw()) != 0) {
    return kInfinity;
  }
  if (arb_is_nonpositive(right.raw()) != 0) {
    return -kInfinity;
  }
  // From the middles: a wide enclosure of log may be infinite. Via Ball, since 1e-400 is 0 in
  // double.
  const Ball l = left.midpoint();
  const Ball r = right.midpoint();
  if (l.positive() != Truth::certainly || r.positive() != Truth::certainly) {
    return 0;
  }
  return log(r / l).to_double();
}

/// Makes `kept` the larger of the two, and says whether it is `next` that shall be shown. Where two
/// proved balls overlap the larger number may be either, and the result encloses it; which of the
/// two places is shown is then decided by midpoints, and proves nothing.
bool keep_larger(Quantity& kept, const Quantity& next) {
  const Ball former = kept.interval();
  const Ball value = next.interval();
  const bool show_next = former.to_double() < value.to_double();
  if (kept.evidence() == Evidence::proved && next.evidence() == Evidence::proved) {
    kept = Proved{larger(former, value)};
  } else if (show_next) {
    kept = next;
  }
  return show_next;
}

/// log10(scale/|residual|): the digits to which the sides are known to agree.
double agreeing_digits(const Ball& residual, const Ball& scale) {
  const Ball size = residual.magnitude_upper();
  if (arb_is_zero(size.raw()) != 0) {
    return kInfinity;
  }
  return (log(scale.midpoint() / size) / log(Ball(10))).to_double();
}

}  // namespace

std::string Place::text() const {
  std::string out;
  const auto add = [&out](const std::string& piece) { out += out.empty() ? piece : ", " + piece; };
  if (!part.empty()) {
    add(std::string(part));
  }
  if (steps != 0) {
    add(fmt::format("T = {}", steps));
  }
  if (t != 0) {
    add(fmt::format("t = {}", t));
  }
  if (x && x->finite()) {
    const DecimalEnclosure box = to_decimal(*x, 6);
    add(accurate_to(*x, 12, Accuracy::absolute)
            ? fmt::format("x = {}", box.value)
            : fmt::format("x in [{} +- {}]", box.value, box.error));
  }
  if (!detail.empty()) {
    add(detail);
  }
  return out;
}

bool Outcome::proves() const {
  return evidence == Evidence::proved &&
         (verdict == Verdict::violated ||
          (verdict == Verdict::holds && coverage && coverage->is_whole()));
}

bool Outcome::proves_instances() const {
  return evidence == Evidence::proved && verdict == Verdict::holds && !proves();
}

std::string worth(const Outcome& outcome) {
  switch (outcome.verdict) {
    case Verdict::not_applicable:
      return "";
    case Verdict::inconclusive:
      return "open";
    case Verdict::violated:
      break;
    case Verdict::holds:
      if (!outcome.coverage) {
        return fmt::format("{} on an unknown part", name(outcome.evidence));
      }
      if (!outcome.coverage->is_whole()) {
        const long n = outcome.coverage->count();
        return fmt::format("{} on {} instance{}", name(outcome.evidence), n, n == 1 ? "" : "s");
      }
      break;
  }
  return std::string(name(outcome.evidence));
}

Comparisons::Shown* Comparisons::record(Verdict verdict, const Quantity& left,
                                        const Quantity& right, double margin, const Place& place,
                                        std::string_view reason, Evidence evidence, bool identity) {
  ++count_;
  weakest_ = weaker(weakest_, evidence);
  std::optional<Shown>& slot = verdict == Verdict::violated       ? violated_
                               : verdict == Verdict::inconclusive ? unclear_
                               : identity                         ? tightest_identity_
                                                                  : tightest_inequality_;
  // Of violations and unclear comparisons the first is the smallest instance; of those that hold
  // the tightest is the most telling.
  if (!slot || (verdict == Verdict::holds && margin < slot->margin)) {
    slot = Shown{left, right, margin, place, std::string(reason), evidence, identity};
    return &*slot;
  }
  return nullptr;
}

void Comparisons::at_most(const Quantity& lhs, const Quantity& rhs, const Place& place) {
  const Ball left = lhs.interval();
  const Ball right = rhs.interval();
  const Evidence evidence = weaker(lhs.evidence(), rhs.evidence());
  const double margin = log_margin(left, right);
  if (arb_le(left.raw(), right.raw()) != 0) {
    record(Verdict::holds, lhs, rhs, margin, place, "left is at most right", evidence, false);
  } else if (arb_gt(left.raw(), right.raw()) != 0) {
    record(Verdict::violated, lhs, rhs, margin, place, "left exceeds right", evidence, false);
  } else {
    record(Verdict::inconclusive, lhs, rhs, margin, place, "the error intervals overlap", evidence,
           false);
  }
}

void Comparisons::at_most(const Ball& lhs, const Ball& rhs, const Place& place) {
  at_most(Quantity(Proved{lhs}), Quantity(Proved{rhs}), place);
}

void Comparisons::equal(const Quantity& lhs, const Quantity& rhs, const Ball& scale,
                        double resolution, const Place& place) {
  vanishes(lhs - rhs, lhs, rhs, scale, resolution, place);
}

void Comparisons::equal(const Ball& lhs, const Ball& rhs, const Ball& scale, double resolution,
                        const Place& place) {
  equal(Quantity(Proved{lhs}), Quantity(Proved{rhs}), scale, resolution, place);
}

void Comparisons::vanishes(const Quantity& residual, const Quantity& left, const Quantity& right,
                           const Ball& scale, double resolution, const Place& place) {
  const Ball difference = residual.interval();
  const Evidence evidence = residual.evidence();
  const double digits = agreeing_digits(difference, scale);
  const Ball allowed = Ball::exactly(resolution) * scale;
  const Ball size = difference.magnitude_upper();
  if (arb_gt(size.raw(), largest_residual_.raw()) != 0) {
    largest_residual_ = size;
  }
  Shown* shown = nullptr;
  if (!difference.contains_zero()) {
    shown = record(Verdict::violated, left, right, digits, place, "the two sides certainly differ",
                   evidence, true);
  } else if (arb_le(size.raw(), allowed.raw()) != 0) {
    shown =
        record(Verdict::holds, left, right, digits, place, "the two sides agree", evidence, true);
  } else {
    shown = record(Verdict::inconclusive, left, right, digits, place,
                   "the enclosures are too wide to tell the sides apart", evidence, true);
  }
  if (shown != nullptr) {
    shown->residual = size;
    shown->allowed = allowed;
  }
}

void Comparisons::constant(const Quantity& lhs, const Quantity& rhs, long dim, const Place& place,
                           const std::string& not_yet) {
  const Quantity value = lhs / rhs;
  if (!value.interval().finite()) {
    record(Verdict::inconclusive, lhs, rhs, 0, place, "no finite constant could be enclosed",
           value.evidence(), false);
    return;
  }
  ++count_;
  weakest_ = weaker(weakest_, value.evidence());
  const auto same = [&](const ConstantPoint& p) { return p.steps == place.steps && p.dim == dim; };
  const auto found = std::find_if(points_.begin(), points_.end(), same);
  if (found == points_.end()) {
    points_.push_back({place.steps, dim, value, place.text(), lhs, rhs, not_yet});
    return;
  }
  if (keep_larger(found->value, value)) {
    *found = {place.steps, dim, found->value, place.text(), lhs, rhs, not_yet};
  }
}

void Comparisons::constant(const Ball& lhs, const Ball& rhs, long dim, const Place& place) {
  constant(Quantity(Proved{lhs}), Quantity(Proved{rhs}), dim, place);
}

void Comparisons::smallest_constant(const Ball& lhs, const Ball& rhs, const Place& place) {
  if (!(lhs / rhs).finite()) {
    return;  // 0 <= C 0 asks for no C
  }
  const Quantity value = Proved{lhs / rhs};
  if (!smallest_) {
    smallest_ = value;
    smallest_place_ = place.text();
  } else if (keep_larger(*smallest_, value)) {
    smallest_place_ = place.text();
  }
}

void Comparisons::judged(const Judgement& judgement, const Quantity& left, const Quantity& right,
                         double margin, const Place& place) {
  record(judgement.verdict, left, right, margin, place, judgement.reason, judgement.evidence,
         false);
}

void Comparisons::out_of_budget(std::string reason, const Place& place) {
  record(Verdict::inconclusive, Proved{Ball(0)}, Proved{Ball(0)}, 0, place, reason,
         Evidence::proved, false);
  out_of_budget_ = true;
}

void Comparisons::budget_reached() { out_of_budget_ = true; }

void Comparisons::note(std::string text) {
  if (std::find(notes_.begin(), notes_.end(), text) == notes_.end()) {
    notes_.push_back(std::move(text));
  }
}

void Comparisons::take_constants(const TrendRule& rule, Outcome& out) const {
  if (smallest_) {
    out.constant = smallest_;
    out.constant_place = smallest_place_;
  }
  for (const ConstantPoint& p : points_) {
    if (!out.constant) {
      out.constant = p.value;
      out.constant_place = p.place;
    } else if (keep_larger(*out.constant, p.value)) {
      out.constant_place = p.place;
    }
  }
  out.constants = points_;
  const auto by_dim_and_steps = [](const ConstantPoint& a, const ConstantPoint& b) {
    return std::pair(a.dim, a.steps) < std::pair(b.dim, b.steps);
  };
  std::sort(out.constants.begin(), out.constants.end(), by_dim_and_steps);
  out.trends = constant_trends(out.constants, rule);
}

const std::optional<Comparisons::Shown>& Comparisons::shown(bool prefer_identities) const {
  if (violated_) {
    return violated_;
  }
  if (unclear_) {
    return unclear_;
  }
  const bool identity =
      prefer_identities ? tightest_identity_.has_value() : !tightest_inequality_.has_value();
  return identity ? tightest_identity_ : tightest_inequality_;
}

Outcome Comparisons::outcome(const TrendRule& trend_rule, bool prefer_identities) const {
  Outcome out;
  out.comparisons = count_;
  out.notes = notes_;
  out.evidence = weakest_;
  out.bits = PrecisionScope::bits();
  out.precision_may_help = !out_of_budget_;
  take_constants(trend_rule, out);

  const std::optional<Shown>& worst = shown(prefer_identities);
  if (worst) {
    out.verdict = violated_ ? Verdict::violated : unclear_ ? Verdict::inconclusive : Verdict::holds;
    out.left = worst->left;
    out.right = worst->right;
    out.margin = worst->margin;
    out.margin_unit = worst->identity ? MarginUnit::digits : MarginUnit::log_ratio;
    out.place = worst->place.text();
    out.reason = worst->reason;
    if (worst->identity) {
      out.resolution = Resolution{worst->residual, worst->allowed, largest_residual_};
    }
    // One certain violation refutes the claim on its own evidence.
    out.evidence = violated_ ? worst->evidence : weakest_;
  }
  if (count_ == 0) {
    out.reason = "nothing was compared";
  } else if (!points_.empty()) {
    judge_by_trends(out, worst.has_value());
  }
  if (out_of_budget_ && out.verdict == Verdict::inconclusive &&
      out.reason.find("budget") == std::string::npos) {
    out.reason = "the budget of boxes ran out and the rest is bounded only: " + out.reason;
  }
  return out;
}

void Comparisons::judge_by_trends(Outcome& out, bool has_verdict) const {
  // The trend is a judgement over finitely many T and d.
  const Evidence evidence = weaker(Evidence::computed, out.evidence);
  const Trend* worst = nullptr;
  const auto rank = [](Verdict v) {
    return v == Verdict::violated ? 2 : v == Verdict::holds ? 0 : 1;
  };
  for (const Trend& trend : out.trends) {
    if (worst == nullptr || rank(trend.verdict) > rank(worst->verdict) ||
        (rank(trend.verdict) == rank(worst->verdict) && trend.exponent > worst->exponent)) {
      worst = &trend;
    }
  }
  if (!has_verdict || (out.verdict == Verdict::holds) ||
      (worst != nullptr && rank(worst->verdict) > rank(out.verdict))) {
    const ConstantPoint& largest = *std::max_element(
        points_.begin(), points_.end(),
        [](const auto& a, const auto& b) { return a.value.value() < b.value.value(); });
    out.left = largest.left;
    out.right = largest.right;
    out.margin = worst == nullptr ? 0 : -worst->exponent;
    out.margin_unit = MarginUnit::exponent;
    out.place = largest.place;
    out.verdict = worst == nullptr ? Verdict::inconclusive : worst->verdict;
    out.reason = worst == nullptr ? "too few values of T and d for a trend" : worst->reason;
    out.evidence = evidence;
    out.resolution.reset();
  }
}

}  // namespace lemmabench
