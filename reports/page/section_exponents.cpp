#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "reports/figures/chart.hpp"
#include "reports/json/complexity_json.hpp"
#include "reports/page/sections.hpp"
#include "reports/text/complexity_text.hpp"
#include "reports/text/typesetting.hpp"
#include "theory/bounds/bounds.hpp"

namespace lemmabench {

namespace {

using nlohmann::ordered_json;

constexpr const char* kSubject = "li-cai";

/// "10^{-3}" if eps is a power of ten.
std::string eps_label(const Rational& eps) {
  const double value = eps.to_double();
  const double power = std::log10(value);
  if (std::abs(power - std::round(power)) < 1e-9) {
    return fmt::format("10^{{{:.0f}}}", power);
  }
  return fmt::format("{:g}", value);
}

/// The curves of a family and sampler in the order of the plan.
std::vector<const AtlasCurve*> curves_of(const Atlas& atlas, std::size_t family,
                                         const std::string& sampler) {
  std::vector<const AtlasCurve*> out;
  for (const AtlasCurve& curve : atlas.curves) {
    if (curve.family == family && curve.sampler == sampler) out.push_back(&curve);
  }
  return out;
}

HeatChart::Cell heat_cell(const AtlasFamily& family, const AtlasCurve& curve, std::size_t eps,
                          double low, double high) {
  HeatChart::Cell cell;
  cell.text = least_text(curve, eps, family.bounded(), family.cap);
  if (eps >= curve.complexity.least.size()) return cell;
  const LeastSteps& least = curve.complexity.least[eps];
  cell.value = static_cast<double>(least.capped ? least.at_least : least.steps);
  cell.shade = high > low ? std::log(cell.value / low) / std::log(high / low) : 0;
  cell.shade = std::clamp(cell.shade, 0.0, 1.0);
  return cell;
}

/// T*(d, eps) of the subject on one family; shades are the same in all families of a report.
Figure heat_map(const Atlas& atlas, std::size_t index, double low, double high) {
  const AtlasFamily& family = atlas.plan.families[index];
  HeatChart chart;
  chart.x_label = "error ε";
  chart.y_label = family.variable;
  chart.column = "least_steps";
  for (const Rational& eps : atlas.plan.eps) chart.columns.push_back(eps_label(eps));
  for (const AtlasCurve* curve : curves_of(atlas, index, kSubject)) {
    chart.rows.push_back(fmt::format("{}", family.members[curve->member].at));
    std::vector<HeatChart::Cell> row;
    for (std::size_t e = 0; e < atlas.plan.eps.size(); ++e) {
      row.push_back(heat_cell(family, *curve, e, low, high));
    }
    chart.cells.push_back(std::move(row));
  }
  if (chart.rows.empty()) return {};
  return {
      "atlas-" + slug(family.id), family.title,
      family.bounded()
          ? "Steps that suffice for li-cai by the path certificate. The true T* may be smaller: "
            "the error is only bounded."
          : "Steps T*(ε) that li-cai needs.",
      chart};
}

/// The estimate of an exponent to show for a family: the settled one at the last place (largest d,
/// smallest eps), else the last that could be fitted at all.
const AtlasExponent* shown(const std::vector<AtlasExponent>& all, std::size_t family,
                           const std::string& sampler, const std::string& variable) {
  const AtlasExponent* best = nullptr;
  for (const AtlasExponent& one : all) {
    if (one.family != family || one.sampler != sampler || one.variable != variable) continue;
    if (!one.known()) continue;
    if (best == nullptr || one.fit.asymptotic || !best->fit.asymptotic) best = &one;
  }
  return best;
}

Figure forest(const Atlas& atlas, const std::vector<AtlasExponent>& exponents,
              const std::string& variable) {
  const bool in_dim = variable == "d";
  ForestChart chart;
  std::vector<double> values{0};
  for (std::size_t f = 0; f < atlas.plan.families.size(); ++f) {
    ForestChart::Row row;
    row.label = atlas.plan.families[f].id;
    for (const std::string& sampler : atlas.plan.families[f].samplers) {
      const AtlasExponent* one = shown(exponents, f, sampler, variable);
      if (one == nullptr) continue;
      row.estimates.push_back({sampler, sampler_style(sampler), one->value, one->low, one->high,
                               one->verdict != BoundVerdict::not_asymptotic});
      values.push_back(one->value);
    }
    if (!row.estimates.empty()) chart.rows.push_back(std::move(row));
  }
  if (chart.rows.empty()) return {};
  chart.references.push_back(
      {in_dim ? 1.25 : 0.5, in_dim ? "li-cai ≤ 5/4" : "li-cai ≤ 1/2", "vermillion"});
  chart.references.push_back({1, in_dim ? "1 ≥ ddpm      " : "ddpm ≤ 1", "grey"});
  values.push_back(1.4);
  chart.x =
      axis_for(in_dim ? "exponent of d in T*" : "exponent of 1/ε in T*", "exponent", false, values);
  return {in_dim ? "atlas-exponents-d" : "atlas-exponents-eps",
          in_dim ? "How T* grows with d" : "How T* grows with 1/ε",
          in_dim
              ? "Measured exponents of d with their intervals, for each family at the smallest ε "
                "at which they have settled; dashed, what the theorems allow. A hollow marker: "
                "settled at no ε, no verdict."
              : "Measured exponents of 1/ε with their intervals, for each family at the largest "
                "d at which they have settled; dashed, what the theorems allow. A hollow marker: "
                "settled at no d, no verdict.",
          chart};
}

/// C against d (largest over T) or against T (at the largest d), one line a family.
Figure constants_figure(const Atlas& atlas, const std::vector<AtlasConstant>& constants,
                        bool against_dim) {
  LineChart chart;
  std::map<std::size_t, std::vector<const AtlasConstant*>> families;
  for (const AtlasConstant& one : constants) {
    const AtlasCurve& curve = atlas.curves[one.curve];
    const bool counts_dim = atlas.plan.families[curve.family].variable == "d";
    if (curve.sampler == kSubject && counts_dim) families[curve.family].push_back(&one);
  }
  int rank = 0;
  for (const auto& [family, members] : families) {
    Line line;
    line.label = atlas.plan.families[family].id;
    line.style = sampler_style(line.label, rank++);
    line.style.width = 1.4;
    if (against_dim) {
      for (const AtlasConstant* one : members) {
        line.points.push_back({static_cast<double>(atlas.curves[one->curve].dim),
                               one->largest.value(), one->largest.error()});
      }
    } else {
      const AtlasCurve& last = atlas.curves[members.back()->curve];
      for (const StepsPoint& point : last.complexity.points) {
        if ((point.steps & (point.steps - 1)) != 0) continue;
        const Quantity c =
            implied_constant(main_theorem_li_cai(), point.tv, point.steps, last.dim, true);
        line.points.push_back({static_cast<double>(point.steps), c.value(), c.error()});
      }
    }
    if (line.points.size() >= 2) chart.lines.push_back(std::move(line));
  }
  if (chart.lines.empty()) return {};
  chart.x = against_dim ? axis_for("dimension d", "dim", true, all_x(chart.lines))
                        : steps_axis(all_x(chart.lines));
  chart.y = axis_for("C = TV · T^2 / (d^{5/2} log^5 T)", "constant", true, all_y(chart.lines));
  return {against_dim ? "atlas-constants-d" : "atlas-constants-t",
          against_dim ? "C against the dimension" : "C against T, largest d",
          against_dim
              ? "The least constant with which li-cai's bound holds over all T measured, against "
                "d. Where it falls, the bound's power 5/2 of d is more than the family "
                "needs."
              : "The same against the number of steps, on the largest member of each "
                "family: a rising line would be a bound that fails.",
          chart};
}

ordered_json table_rows(const Atlas& atlas) {
  ordered_json out = ordered_json::array();
  for (const AtlasCurve& curve : atlas.curves) {
    const AtlasFamily& family = atlas.plan.families[curve.family];
    ordered_json cells = ordered_json::array();
    for (std::size_t e = 0; e < atlas.plan.eps.size(); ++e) {
      cells.push_back({{"text", least_text(curve, e, family.bounded(), family.cap)}});
    }
    out.push_back(
        {{"family", family.id},
         {"at", fmt::format("{} = {}", family.variable, family.members[curve.member].at)},
         {"sampler", curve.sampler},
         {"cells", std::move(cells)},
         {"failure", curve.failure.empty() ? ordered_json(nullptr) : ordered_json(curve.failure)}});
  }
  return out;
}

ordered_json exponent_rows(const Atlas& atlas, const std::vector<AtlasExponent>& exponents) {
  ordered_json out = ordered_json::array();
  for (const AtlasExponent& one : exponents) {
    if (!one.known()) continue;
    ordered_json row{
        {"family", atlas.plan.families[one.family].id},
        {"sampler", one.sampler},
        {"in", one.variable == "d" ? "d" : "1/ε"},
        {"at", one.at},
        {"exponent",
         to_json(one.value, std::max(one.high - one.value, one.value - one.low), one.fit.evidence)},
        {"bound", one.bound.text()},
        {"slack", typeset(fmt::format("{:.2f}", std::round(100 * one.slack()) / 100 + 0.0))},
        {"bounded", one.bounded}};
    const Verdict verdict = one.verdict == BoundVerdict::consistent ? Verdict::holds
                            : one.verdict == BoundVerdict::violates ? Verdict::violated
                                                                    : Verdict::inconclusive;
    set_verdict(row, verdict, one.reason);
    row["verdict"] = std::string(name(one.verdict));
    out.push_back(std::move(row));
  }
  return out;
}

ordered_json crossing_rows(const Atlas& atlas) {
  ordered_json out = ordered_json::array();
  for (const AtlasCrossing& one : atlas_crossings(atlas)) {
    const AtlasFamily& family = atlas.plan.families[one.family];
    const std::string range = typeset(rounded(one.largest, 0, 2));
    out.push_back(
        {{"family", family.id},
         {"at", fmt::format("{} = {}", family.variable, family.members[one.member].at)},
         {"sampler", one.sampler},
         {"crossing", one.eps            ? typeset(rounded(*one.eps, 0, 2))
                      : one.always_fewer ? "fewer at every ε measured, from " + range + " down"
                                         : "not within the T measured"},
         {"bound", typeset(rounded(one.bound, 0, 2))}});
  }
  return out;
}

std::string summary(const std::vector<AtlasExponent>& exponents) {
  const auto count = [&](BoundVerdict verdict) {
    return std::count_if(exponents.begin(), exponents.end(), [&](const AtlasExponent& one) {
      return one.verdict == verdict && one.known();
    });
  };
  return fmt::format(
      "{} exponents could be judged: {} consistent with the bound, {} violate it; {} more have not "
      "settled.",
      count(BoundVerdict::consistent) + count(BoundVerdict::violates),
      count(BoundVerdict::consistent), count(BoundVerdict::violates),
      count(BoundVerdict::not_asymptotic));
}

}  // namespace

Section atlas_section(const Atlas* atlas) {
  Section section;
  if (atlas == nullptr || atlas->curves.empty()) {
    section.numbers = nullptr;
    return section;
  }
  ordered_json groups{{"forests", ordered_json::array()},
                      {"maps", ordered_json::array()},
                      {"constants", ordered_json::array()}};
  const auto show = [&](const char* group, Figure figure) {
    if (figure.id.empty()) return;
    groups[group].push_back(figure_json(figure));
    section.figures.push_back(std::move(figure));
  };
  const std::vector<AtlasExponent> exponents = atlas_exponents(*atlas);
  show("forests", forest(*atlas, exponents, "d"));
  show("forests", forest(*atlas, exponents, "1/eps"));
  double low = 1e300;
  double high = 0;
  for (const AtlasCurve& curve : atlas->curves) {
    if (curve.sampler != kSubject) continue;
    for (const LeastSteps& least : curve.complexity.least) {
      const auto steps = static_cast<double>(least.capped ? least.at_least : least.steps);
      low = std::min(low, steps);
      high = std::max(high, steps);
    }
  }
  for (std::size_t f = 0; f < atlas->plan.families.size(); ++f) {
    show("maps", heat_map(*atlas, f, low, high));
  }
  const std::vector<AtlasConstant> constants = atlas_constants(*atlas);
  show("constants", constants_figure(*atlas, constants, true));
  show("constants", constants_figure(*atlas, constants, false));
  ordered_json columns = ordered_json::array();
  for (const Rational& eps : atlas->plan.eps) {
    columns.push_back({{"text", typeset(fmt::format("{:g}", eps.to_double()))}});
  }
  section.numbers = {{"summary", summary(exponents)},
                     {"plan", atlas->plan.name},
                     {"forests", groups["forests"]},
                     {"maps", groups["maps"]},
                     {"constant_figures", groups["constants"]},
                     {"columns", std::move(columns)},
                     {"rows", table_rows(*atlas)},
                     {"exponents", exponent_rows(*atlas, exponents)},
                     {"crossings", crossing_rows(*atlas)},
                     {"data", atlas_json(*atlas)}};
  return section;
}

}  // namespace lemmabench
