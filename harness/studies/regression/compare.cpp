#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <string>

#include "harness/studies/claims/verification.hpp"
#include "harness/studies/regression/regression.hpp"

namespace lemmabench {
namespace {

/// Enough for the 180-bit balls of the Gaussian law; stored numbers have fewer.
constexpr long kCompareBits = 256;
/// A new error up to this many times the old one is no news.
constexpr int kErrorGrowth = 10;

/// value +- error, where an error of Monte Carlo is widened for several looks.
Ball widened(const Quantity& quantity, double widening) {
  const Ball interval = quantity.interval();
  if (quantity.evidence() != Evidence::sampled || widening <= 1) {
    return interval;
  }
  return Ball::around(interval.midpoint(), interval.radius() * Ball::exactly(widening));
}

/// "to 3.4 times", "by 12 %": how far the midpoints lie apart; `sign` keeps the direction.
std::string distance_text(const Quantity& before, const Quantity& after, bool sign) {
  const double old = before.value();
  const double now = after.value();
  const double ratio = now / old;
  if (old == 0 || !std::isfinite(ratio) || ratio < 0) {
    return fmt::format("by {:.3g}", sign ? now - old : std::abs(now - old));
  }
  if (ratio >= 2 || ratio <= 0.5) {
    return fmt::format("to {:.3g} times", ratio);
  }
  const double percent = 100 * (ratio - 1);
  return fmt::format("by {:.3g} %", sign ? percent : std::abs(percent));
}

/// Where `after` lies: certainly below `before`, certainly above, or neither.
enum class Side { below, neither, above };

struct Comparison {
  const Measurement& before;
  const Measurement& after;
  Ball old_interval;
  Ball new_interval;

  Side side() const {
    if (new_interval.less_than(old_interval) == Truth::certainly) return Side::below;
    if (old_interval.less_than(new_interval) == Truth::certainly) return Side::above;
    return Side::neither;
  }
  /// Worse by more than `tolerance` |old| beyond the errors.
  bool beyond(double tolerance, Side worse) const {
    const Ball slack = Ball::exactly(tolerance) * old_interval.magnitude_upper();
    return worse == Side::above ? (old_interval + slack).less_than(new_interval) == Truth::certainly
                                : new_interval.less_than(old_interval - slack) == Truth::certainly;
  }
  /// The new error is small against the old value, or not much larger than the old error.
  bool resolved(double resolution) const {
    const Ball error = new_interval.radius();
    const Ball enough = Ball::exactly(resolution) * old_interval.midpoint().magnitude_upper();
    return enough.less_than(error) != Truth::certainly ||
           (kErrorGrowth * old_interval.radius()).less_than(error) != Truth::certainly;
  }
};

/// The kind and whether it is a failure, of two numbers that are not the same.
void judge_difference(const Comparison& two, Side side, const GateOptions& options, Change& out) {
  const Sense sense = two.before.sense;
  const Side worse = sense == Sense::higher_is_better ? Side::below : Side::above;
  out.reason = fmt::format("changed {}", distance_text(two.before.value, two.after.value, true));
  if (options.exact || sense == Sense::detail) {
    out.kind = ChangeKind::differs;
    out.failure = options.exact;
  } else if (side != worse) {
    out.kind = ChangeKind::improved;
    out.reason = fmt::format("better {}", distance_text(two.before.value, two.after.value, false));
  } else if (two.beyond(options.tolerance, worse)) {
    out.kind = ChangeKind::regression;
    out.failure = true;
    out.reason = fmt::format("worse {}", distance_text(two.before.value, two.after.value, false));
  } else {
    out.kind = ChangeKind::unchanged;
  }
}

/// Of two quantities of which one at least is not finite: equal if both say the same, worse if an
/// infinite one is certain where a number was, and not to be told where something is not known.
Change compare_extents(const Measurement& before, const Measurement& after,
                       const GateOptions& options) {
  Change out{before.name, ChangeKind::unchanged,        false, before.value, after.value,
             "",          before.sense == Sense::detail};
  const Extent old = before.value.extent();
  const Extent now = after.value.extent();
  if (old == now && (old == Extent::infinite || old == Extent::unknown)) {
    return out;
  }
  out.reason = fmt::format("was {}, is {}", name(old), name(now));
  const bool higher_is_better = before.sense == Sense::higher_is_better;
  if (now == Extent::infinite && !higher_is_better) {
    out.kind = ChangeKind::regression;
    out.failure = options.exact || before.sense != Sense::detail;
  } else if (old == Extent::infinite && now == Extent::finite && !higher_is_better) {
    out.kind = ChangeKind::improved;
    out.failure = options.exact;
  } else {
    out.kind = ChangeKind::inconclusive;
    out.failure = options.exact || before.sense != Sense::detail;
  }
  return out;
}

Change compare_numbers(const Measurement& before, const Measurement& after,
                       const GateOptions& options, double widening) {
  if (!before.value.finite() || !after.value.finite()) {
    return compare_extents(before, after, options);
  }
  Change out{before.name, ChangeKind::unchanged,        false, before.value, after.value,
             "",          before.sense == Sense::detail};
  const Comparison two{before, after, widened(before.value, widening),
                       widened(after.value, widening)};
  const Side side = two.side();
  if (side != Side::neither) {
    judge_difference(two, side, options, out);
  } else if (!two.resolved(options.resolution)) {
    out.kind = ChangeKind::inconclusive;
    out.failure = options.exact || before.sense != Sense::detail;
    out.reason = "its error is too large to tell";
  }
  return out;
}

Change compare_verdicts(Verdict before, const CellAnswer& after, const GateOptions& options) {
  Change out;
  out.quantity = "verdict";
  if (!after.verdict) {
    return {"verdict", ChangeKind::missing, true, {}, {}, "there is no verdict any more"};
  }
  const Verdict now = *after.verdict;
  if (now == before) {
    return out;
  }
  out.reason = fmt::format("{} -> {}: {}", name(before), name(now), after.verdict_reason);
  out.failure = options.exact || now != Verdict::holds;
  if (now == Verdict::violated) {
    out.kind = ChangeKind::regression;
  } else if (now == Verdict::holds) {
    out.kind = options.exact ? ChangeKind::differs : ChangeKind::improved;
  } else {
    out.kind = ChangeKind::inconclusive;
  }
  return out;
}

}  // namespace

std::string_view name(ChangeKind kind) {
  switch (kind) {
    case ChangeKind::unchanged:
      return "unchanged";
    case ChangeKind::improved:
      return "improved";
    case ChangeKind::differs:
      return "differs";
    case ChangeKind::regression:
      return "regression";
    case ChangeKind::inconclusive:
      return "inconclusive";
    case ChangeKind::missing:
      return "missing";
    case ChangeKind::failed:
      return "failed";
  }
  return "";
}

std::vector<Change> compare_answers(const CellAnswer& before, const CellAnswer& after,
                                    const GateOptions& options, double widening) {
  if (after.failed()) {
    return {{"", ChangeKind::failed, true, {}, {}, after.failure}};
  }
  const PrecisionScope scope(kCompareBits);
  std::vector<Change> out;
  if (before.verdict) {
    out.push_back(compare_verdicts(*before.verdict, after, options));
  }
  for (const Measurement& old : before.numbers) {
    const auto now = std::find_if(after.numbers.begin(), after.numbers.end(),
                                  [&](const Measurement& m) { return m.name == old.name; });
    if (now != after.numbers.end()) {
      out.push_back(compare_numbers(old, *now, options, widening));
    } else {
      out.push_back({old.name,
                     ChangeKind::missing,
                     options.exact || old.sense != Sense::detail,
                     old.value,
                     {},
                     old.name == "order" && !after.no_order.empty()
                         ? after.no_order
                         : std::string("the new answer does not have it"),
                     old.sense == Sense::detail});
    }
  }
  for (Change& change : out) {
    change.failure = change.failure && !matches_globs(change.quantity, options.ignore);
  }
  return out;
}

}  // namespace lemmabench
