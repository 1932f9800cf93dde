#include "harness/studies/selftest/comparison.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace lemmabench {
namespace {

constexpr double kWorstMargin = 1e9;  // what is infinite or beyond is as bad as this
constexpr long kMostDigits = 40;

/// excess/allowed as a double, between 0 and kWorstMargin.
double ratio(const Ball& excess, const Ball& allowed) {
  if (excess.positive() != Truth::certainly) {
    return 0;
  }
  const double quotient = (excess / allowed).to_double();
  return quotient < kWorstMargin ? quotient : kWorstMargin;  // NaN and infinity are the worst
}

}  // namespace

std::string interval_text(const Ball& interval) {
  const long bits = std::clamp(interval.relative_accuracy_bits(), 0L, 10 * kMostDigits);
  const long digits = static_cast<long>(static_cast<double>(bits) * 0.30103) + 2;
  const DecimalEnclosure text = to_decimal(interval, std::min(digits, kMostDigits));
  return fmt::format("{} +- {}", text.value, text.error);
}

Compared same_number(std::string what, const Ball& left, const Ball& right) {
  const PrecisionScope scope(kComparisonBits);
  Compared out{std::move(what), interval_text(left), interval_text(right)};
  out.agrees = left.overlaps(right);
  out.margin = ratio(abs(left.midpoint() - right.midpoint()), left.radius() + right.radius());
  return out;
}

Compared no_more_than(std::string what, const Ball& left, const Ball& right) {
  const PrecisionScope scope(kComparisonBits);
  Compared out{std::move(what), interval_text(left), interval_text(right)};
  out.agrees = arb_gt(left.raw(), right.raw()) == 0;
  out.margin = ratio(left.midpoint() - right.midpoint(), left.radius() + right.radius());
  return out;
}

Compared same_text(std::string what, std::string_view left, std::string_view right) {
  const auto [here, there] = std::mismatch(left.begin(), left.end(), right.begin(), right.end());
  if (here == left.end() && there == right.end()) {
    return {std::move(what), "", ""};
  }
  constexpr std::size_t kExcerpt = 60;
  const auto at = static_cast<std::size_t>(here - left.begin());
  const std::size_t from = at < kExcerpt / 2 ? 0 : at - kExcerpt / 2;
  return {std::move(what), fmt::format("byte {}: {}", at, left.substr(from, kExcerpt)),
          fmt::format("byte {}: {}", at, right.substr(from, kExcerpt)), kWorstMargin, false};
}

std::vector<Compared> same_law(const LawResult& left, const LawResult& right, SpectrumOrder order) {
  const PrecisionScope scope(kComparisonBits);
  const std::vector<Reading> others = readings(right);
  std::vector<Compared> out;
  for (const Reading& one : readings(left)) {
    const auto other = reading(others, one.name);
    const bool listed = one.name.starts_with("relative_variance_error");
    if (!other || one.name == "mass_defect" || (listed && order == SpectrumOrder::any) ||
        one.evidence == Evidence::sampled || other->evidence == Evidence::sampled) {
      continue;
    }
    out.push_back(same_number(one.name, one.interval, other->interval));
  }
  return out;
}

}  // namespace lemmabench
