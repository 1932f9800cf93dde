#include "reports/text/complexity_text.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "reports/text/text_table.hpp"

namespace lemmabench {
namespace {

std::string eps_text(const Rational& eps) { return fmt::format("{:g}", eps.to_double()); }

std::string family_table(const Atlas& atlas, std::size_t index) {
  const AtlasFamily& family = atlas.plan.families[index];
  std::vector<Row> rows{{"  " + family.variable, "sampler"}};
  for (const Rational& eps : atlas.plan.eps) rows.front().push_back(eps_text(eps));
  std::string failures;
  for (const AtlasCurve& curve : atlas.curves) {
    if (curve.family != index) continue;
    Row row{fmt::format("  {}", family.members[curve.member].at), curve.sampler};
    for (std::size_t e = 0; e < atlas.plan.eps.size(); ++e) {
      row.push_back(least_text(curve, e, family.bounded(), family.cap));
    }
    rows.push_back(std::move(row));
    if (!curve.failure.empty()) {
      failures += fmt::format("  {} = {}, {}: {}\n", family.variable,
                              family.members[curve.member].at, curve.sampler, curve.failure);
    }
  }
  return fmt::format("{}: {}\n{}{}\n", family.id, family.title, aligned(rows), failures);
}

std::string exponent_table(const Atlas& atlas, const std::vector<AtlasExponent>& exponents) {
  std::vector<Row> rows{{"family", "sampler", "in", "at", "exponent", "bound", "slack", "verdict"}};
  for (const AtlasExponent& one : exponents) {
    const bool fitted = one.known();
    rows.push_back(
        {atlas.plan.families[one.family].id, one.sampler, one.variable, one.at,
         fitted ? fmt::format("{:.3f} [{:.3f}, {:.3f}]", one.value, one.low, one.high) : "-",
         one.bound.text(), fitted ? fmt::format("{:.3f}", one.slack()) : "-",
         std::string(name(one.verdict))});
  }
  return aligned(rows);
}

/// The largest eps below which an accelerated form needs fewer steps, beside 1/sqrt(d).
std::string crossing_table(const Atlas& atlas) {
  std::vector<Row> rows{{"family", "at", "sampler", "below eps", "1/sqrt(d)"}};
  for (const AtlasCrossing& one : atlas_crossings(atlas)) {
    const AtlasFamily& family = atlas.plan.families[one.family];
    rows.push_back({family.id,
                    fmt::format("{} = {}", family.variable, family.members[one.member].at),
                    one.sampler,
                    one.eps            ? fmt::format("{:.3g}", *one.eps)
                    : one.always_fewer ? fmt::format("{:.3g} or more", one.largest)
                                       : "-",
                    fmt::format("{:.3g}", one.bound)});
  }
  return aligned(rows);
}

std::string counts(const std::vector<AtlasExponent>& exponents) {
  const auto count = [&](BoundVerdict verdict) {
    return std::count_if(exponents.begin(), exponents.end(),
                         [&](const AtlasExponent& one) { return one.verdict == verdict; });
  };
  return fmt::format(
      "{} exponents: {} consistent with the bound, {} violate it, {} not in the asymptotic "
      "range.\n",
      exponents.size(), count(BoundVerdict::consistent), count(BoundVerdict::violates),
      count(BoundVerdict::not_asymptotic));
}

}  // namespace

std::string least_text(const AtlasCurve& curve, std::size_t eps, bool bounded, long cap) {
  if (eps >= curve.complexity.least.size()) return "-";
  const LeastSteps& least = curve.complexity.least[eps];
  if (least.capped) return fmt::format(">{}", cap);
  if (bounded) return fmt::format("<={}", least.steps);
  if (least.at_least < least.steps) return fmt::format("{}..{}", least.at_least, least.steps);
  return fmt::format("{}{}", least.certain ? "" : "~", least.steps);
}

std::string atlas_text(const Atlas& atlas) {
  std::string out = fmt::format("T*(d, eps), the least T with TV <= eps, under {}\n\n",
                                text(atlas.plan.schedule));
  for (std::size_t f = 0; f < atlas.plan.families.size(); ++f) out += family_table(atlas, f);
  const std::vector<AtlasExponent> exponents = atlas_exponents(atlas);
  out += "Exponents of T* against the bounds d^(5/4)/eps^(1/2) (li-cai) and d/eps (ddpm)\n";
  out += exponent_table(atlas, exponents);
  out += "\nWhere fewer steps than ddpm's do, and where the bounds cross\n";
  out += crossing_table(atlas);
  return out + "\n" + counts(exponents);
}

}  // namespace lemmabench
