#include <fmt/format.h>

#include <string>
#include <utility>
#include <vector>

#include "harness/studies/worst_case/summary.hpp"
#include "reports/figures/chart.hpp"
#include "reports/json/worst_case_json.hpp"
#include "reports/page/sections.hpp"
#include "reports/text/typesetting.hpp"

namespace lemmabench {

namespace {

using nlohmann::ordered_json;

/// The largest TV found against d: one line a family that was searched in three dimensions and
/// more, with d^{5/2} through the first of them for the eye.
Figure found_figure(const WorstCaseResult& result) {
  LineChart chart;
  int rank = 0;
  for (const WorstFamily& family : result.families) {
    Line line;
    line.label = family.id;
    for (const WorstSearch& search : family.constants) {
      if (!search.worst || search.worst->rungs.empty()) continue;
      const Quantity& tv = search.worst->rungs.front().tv;
      line.points.push_back({static_cast<double>(search.dim), tv.value(), tv.error()});
    }
    if (line.points.size() < 2) continue;
    line.style = sampler_style(line.label, rank++);
    line.style.width = 1.4;
    chart.lines.push_back(std::move(line));
  }
  if (chart.lines.empty()) return {};
  chart.x = axis_for("dimension d", "dim", true, all_x(chart.lines));
  chart.y = axis_for("largest TV found", "tv", true, all_y(chart.lines));
  return {"worst-case", fmt::format("Worst targets at T = {}", result.request.steps),
          "The largest total variation the search found, by dimension and family. The bound would "
          "let a line rise like d^(5/2).",
          chart};
}

ordered_json exponent(const std::optional<WorstExponent>& found) {
  return found ? to_json(found->exponent) : ordered_json(nullptr);
}

ordered_json row_json(const WorstFamily& family, const WorstSearch& search) {
  const WorstInstance& worst = *search.worst;
  const WorstRung& rung = worst.rungs.front();
  ordered_json out{{"family", family.id},    {"dim", search.dim},
                   {"target", worst.target}, {"evaluations", search.evaluations},
                   {"tv", to_json(rung.tv)}, {"constant", to_json(rung.constant)}};
  out["in_steps"] = worst.step_exponents.empty() ? ordered_json(nullptr)
                                                 : to_json(worst.step_exponents.back().exponent);
  out["in_dim"] = exponent(worst.dim_exponent);
  return out;
}

std::string order_text(const std::optional<NamedExponent>& found) {
  return found ? typeset(rounded(found->exponent.exponent, 3)) + " (" + found->family + ")"
               : std::string("not measured");
}

/// How close to d^{5/2}/T^2 it came, in a sentence.
std::string story(const WorstCaseResult& result) {
  const WorstCaseSummary summary = summarise(result);
  std::string out = fmt::format(
      "Largest power of d found: {} between the worst targets of neighbouring dimensions, {} when "
      "one target's parameters are kept and d doubles, {} when the power itself was searched for; "
      "the bound allows 5/2.",
      order_text(summary.envelope), order_text(summary.local), order_text(summary.searched));
  if (!summary.constants.empty()) {
    const NamedConstant& first = summary.constants.front();
    const NamedConstant& last = summary.constants.back();
    out += fmt::format(" Largest C: {} at d = {} ({}), {} at d = {} ({}).",
                       typeset(rounded(first.constant, 2)), first.dim, first.family,
                       typeset(rounded(last.constant, 2)), last.dim, last.family);
  }
  return out;
}

}  // namespace

Section worst_case_section(const WorstCaseResult* result) {
  Section section;
  if (result == nullptr) {
    section.numbers = nullptr;
    return section;
  }
  ordered_json rows = ordered_json::array();
  for (const WorstFamily& family : result->families) {
    for (const WorstSearch& search : family.constants) {
      if (search.worst && !search.worst->rungs.empty()) rows.push_back(row_json(family, search));
    }
  }
  if (rows.empty()) {
    section.numbers = nullptr;
    return section;
  }
  ordered_json figures = ordered_json::array();
  Figure figure = found_figure(*result);
  if (!figure.id.empty()) {
    figures.push_back(figure_json(figure));
    section.figures.push_back(std::move(figure));
  }
  section.numbers = {{"story", story(*result)},         {"of", result->request.sampler},
                     {"steps", result->request.steps},  {"objective", std::string(kWorstObjective)},
                     {"figures", std::move(figures)},   {"rows", std::move(rows)},
                     {"data", worst_case_json(*result)}};
  return section;
}

}  // namespace lemmabench
