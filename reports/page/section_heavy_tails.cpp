#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <vector>

#include "reports/figures/chart.hpp"
#include "reports/json/heavy_tails_json.hpp"
#include "reports/page/sections.hpp"
#include "reports/text/typesetting.hpp"

namespace lemmabench {

namespace {

using nlohmann::ordered_json;

/// TV(p_{X_T}, N(0, I)) against T for some nu at the smallest dimension.
Figure start_figure(const HeavyTailResult& result) {
  LineChart chart;
  const std::vector<std::string> inks = {"grey", "sky", "blue", "green", "vermillion", "purple"};
  const std::vector<int> markers = {7, 6, 5, 11, 13, 9};
  const std::vector<Rational> wanted = {Rational(10),     Rational(3), Rational(5, 2),
                                        Rational(21, 10), Rational(2), Rational(19, 10)};
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    for (const HeavyTailRow& row : result.rows) {
      if (!(row.nu == wanted[i]) || row.dim != result.rows.front().dim) continue;
      Line line;
      line.label = "nu = " + fmt::format("{:g}", row.nu.to_double());
      line.style = {inks[i], markers[i], row.applicable ? "" : "4,3", 1.6};
      for (const HeavyTailStart& start : row.starts) {
        line.points.push_back(
            {static_cast<double>(start.steps), start.tv.value(), start.tv.error()});
      }
      chart.lines.push_back(std::move(line));
    }
  }
  if (chart.lines.empty() || all_x(chart.lines).size() < 2) return {};
  chart.x = steps_axis(all_x(chart.lines));
  chart.y = axis_for("TV(law of X_T, N(0, I))", "tv", true, all_y(chart.lines));
  return {
      "heavy-tails-start", fmt::format("The start, d = {}", result.rows.front().dim),
      "What N(0, I) gets wrong at level T before any step. Dashed: no finite second moment, so "
      "the theorem does not speak of it. Whether the rate changes at nu = 2 is for the lines to "
      "say: the table has the measured orders beside the derived ones.",
      chart};
}

/// The level at the largest T that is least likely to be typical.
const HeavyTailMass* largest_mass(const HeavyTailRow& row) {
  const HeavyTailMass* out = nullptr;
  for (const HeavyTailMass& mass : row.masses) {
    if (mass.steps != row.masses.back().steps) continue;
    const bool larger =
        out == nullptr ||
        (mass.outside && (!out->outside || mass.outside->value() > out->outside->value()));
    if (larger) out = &mass;
  }
  return out;
}

ordered_json number(const std::optional<Quantity>& quantity) {
  return quantity ? to_json(*quantity) : ordered_json(nullptr);
}

/// holds only if every comparison of the row does.
Verdict verdict(const HeavyTailRow& row) {
  if (!row.applicable) return Verdict::not_applicable;
  Verdict out = Verdict::holds;
  const auto add = [&](const Judgement& judgement) {
    if (judgement.verdict == Verdict::violated || out == Verdict::holds) out = judgement.verdict;
  };
  for (const HeavyTailStart& start : row.starts) add(start.judgement);
  for (const HeavyTailMass& mass : row.masses) add(mass.judgement);
  return out;
}

ordered_json row_json(const HeavyTailRow& row) {
  const HeavyTailStart& start = row.starts.back();
  const HeavyTailMass* mass = largest_mass(row);
  ordered_json out{
      {"dim", row.dim},
      {"nu", fmt::format("{:g}", row.nu.to_double())},
      {"moment", number(row.second_moment)},
      {"tv_start", to_json(start.tv)},
      {"kl_bound", number(start.kl_bound)},
      {"order", row.start_order.refused()
                    ? ordered_json(nullptr)
                    : to_json(row.start_order.order, row.start_order.half_width(),
                              row.start_order.evidence)},
      {"derived", fmt::format("{:.3g}", row.derived_order)},
      {"outside", mass == nullptr ? ordered_json(nullptr) : number(mass->outside)},
      {"outside_bound", mass == nullptr ? ordered_json(nullptr) : number(mass->bound)}};
  const bool measured = !row.laws.empty() && row.laws.back().failure.empty();
  out["total"] = measured ? to_json(row.laws.back().total) : ordered_json(nullptr);
  out["initialisation"] =
      measured ? to_json(row.laws.back().initialisation) : ordered_json(nullptr);
  set_verdict(out, verdict(row), row.reason);
  return out;
}

}  // namespace

Section heavy_tails_section(const HeavyTailResult* result) {
  Section section;
  if (result == nullptr || result->rows.empty()) {
    section.numbers = nullptr;
    return section;
  }
  ordered_json figures = ordered_json::array();
  Figure figure = start_figure(*result);
  if (!figure.id.empty()) {
    figures.push_back(figure_json(figure));
    section.figures.push_back(std::move(figure));
  }
  ordered_json rows = ordered_json::array();
  for (const HeavyTailRow& row : result->rows) rows.push_back(row_json(row));
  section.numbers = {{"figures", std::move(figures)},
                     {"rows", std::move(rows)},
                     {"steps", result->request.steps.back()},
                     {"law_steps", result->request.law_steps.empty()
                                       ? ordered_json(nullptr)
                                       : ordered_json(result->request.law_steps.back())},
                     {"theta", result->request.theta.text()},
                     {"data", heavy_tails_json(*result)}};
  return section;
}

}  // namespace lemmabench
