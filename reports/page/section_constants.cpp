#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "reports/figures/chart.hpp"
#include "reports/page/sections.hpp"
#include "theory/bounds/bounds.hpp"

namespace lemmabench {

namespace {

using nlohmann::ordered_json;

/// A main theorem and a sampler it speaks of.
struct Bound {
  const MainTheorem& theorem;
  std::string sampler;
  std::string formula;  ///< for the table
  std::string axis;     ///< of C, with enhanced markup
};

std::vector<Bound> bounds() {
  const std::string accelerated = "TV ≤ C d^(5/2) log⁵T / T²";
  const std::string axis = "C = TV · T^2 / (d^{5/2} log^5 T)";
  return {{main_theorem_li_cai(), "li-cai", accelerated, axis},
          {main_theorem_li_cai(), "li-cai-momentum", accelerated, axis},
          {main_theorem_ddpm(), "ddpm", "TV ≤ C d log³T / T", "C = TV · T / (d log^3 T)"}};
}

std::string source(const Bound& bound) {
  return fmt::format("{}; rate {}, power of log T {}", bound.theorem.paper,
                     name(bound.theorem.rate_source), name(bound.theorem.logs_source));
}

Quantity constant(const Bound& bound, const LawResult& cell) {
  return implied_constant(bound.theorem, cell.tv, cell.request.steps, cell.dim, true);
}

struct Worst {
  const LawResult* cell = nullptr;
  const Series* series = nullptr;
  Quantity constant;
};

/// Does C still grow with T on the series where it is largest?
std::string trend(const Bound& bound, const Series& series) {
  if (series.cells.size() < 2) return "one T only";
  const Quantity last = constant(bound, *series.cells.back());
  const Quantity before = constant(bound, *series.cells[series.cells.size() - 2]);
  switch (at_most(last, before).verdict) {
    case Verdict::holds:
      return "falling";
    case Verdict::violated:
      return "still growing";
    default:
      return "flat within its error";
  }
}

Figure constant_figure(const Bound& bound, const SeriesIndex& index) {
  static const std::vector<std::pair<std::string, int>> looks = {
      {"blue", 5}, {"vermillion", 13}, {"green", 11}, {"purple", 9}, {"amber", 7},
      {"sky", 6},  {"grey", 4},        {"blue", 12},  {"green", 10}};
  LineChart chart;
  for (const TargetEntry* target : index.panel_targets()) {
    const Series* series = index.plain(target->text, bound.sampler);
    if (series == nullptr || chart.lines.size() == looks.size()) continue;
    Line line;
    line.label = target->label;
    line.style = {looks[chart.lines.size()].first, looks[chart.lines.size()].second, "", 1.6};
    for (const LawResult* cell : series->cells) {
      const Quantity c = constant(bound, *cell);
      if (c.value() > 2 * c.error()) {
        line.points.push_back({static_cast<double>(cell->request.steps), c.value(), c.error()});
      }
    }
    if (!line.points.empty()) chart.lines.push_back(std::move(line));
  }
  if (chart.lines.empty()) return {};
  chart.x = steps_axis(all_x(chart.lines));
  chart.y = axis_for(bound.axis, "constant", true, all_y(chart.lines));
  return {fmt::format("constant-{}-{}", bound.theorem.claim, slug(bound.sampler)),
          fmt::format("{}: {}", bound.theorem.claim, bound.sampler),
          fmt::format("{}. {}.", bound.formula, source(bound)), chart};
}

/// The cell that asks for the greatest constant.
Worst worst_cell(const Bound& bound, const SeriesIndex& index) {
  Worst worst;
  for (const Series& series : index.all()) {
    if (!series.plain() || series.schedule != index.schedule() || series.sampler != bound.sampler) {
      continue;
    }
    for (const LawResult* cell : series.cells) {
      const Quantity c = constant(bound, *cell);
      if (worst.cell == nullptr || c.value() > worst.constant.value()) {
        worst = {cell, &series, c};
      }
    }
  }
  return worst;
}

}  // namespace

Section constants_section(const SeriesIndex& index) {
  Section section;
  ordered_json rows = ordered_json::array();
  ordered_json figures = ordered_json::array();
  for (const Bound& bound : bounds()) {
    const Worst worst = worst_cell(bound, index);
    if (worst.cell == nullptr) continue;
    rows.push_back({{"claim", bound.theorem.claim},
                    {"sampler", bound.sampler},
                    {"bound", bound.formula},
                    {"source", source(bound)},
                    {"constant", to_json(worst.constant)},
                    {"where", fmt::format("{}, T = {}", worst.series->target->label,
                                          worst.cell->request.steps)},
                    {"trend", trend(bound, *worst.series)}});
    Figure figure = constant_figure(bound, index);
    if (figure.id.empty()) continue;
    figures.push_back(figure_json(figure));
    section.figures.push_back(std::move(figure));
  }
  section.numbers =
      rows.empty() ? ordered_json(nullptr) : ordered_json{{"figures", figures}, {"rows", rows}};
  return section;
}

}  // namespace lemmabench
