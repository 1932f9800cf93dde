#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>

#include "reports/figures/chart.hpp"
#include "reports/page/sections.hpp"
#include "reports/text/typesetting.hpp"

namespace lemmabench {

namespace {

using nlohmann::ordered_json;

/// The largest number of bar charts: beyond that the table is the better place.
constexpr std::size_t kMostBars = 6;

/// Local errors below this share of the largest are left to the CSV.
constexpr double kShownBelow = 1e-8;
constexpr int kMarkerStride = 20;

/// The parts of theory.md section 5 of one cell.
struct Parts {
  const Series* series = nullptr;
  const LawResult* cell = nullptr;
  Quantity initialisation;
  Quantity discretisation;
  std::optional<Quantity> score;

  Quantity sum() const {
    const Quantity both = initialisation + discretisation;
    return score ? both + *score : both;
  }
};

std::optional<Parts> parts_of(const Series& series, const LawResult& cell) {
  const std::optional<Quantity>& initialisation = cell.parts.initialisation;
  const std::optional<Quantity>& discretisation = cell.parts.discretisation;
  if (!initialisation || !discretisation) return std::nullopt;
  Parts out;
  out.series = &series;
  out.cell = &cell;
  out.initialisation = *initialisation;
  out.discretisation = *discretisation;
  if (series.score != "exact") out.score = cell.parts.score;
  return out;
}

/// For each target the decompositions to show: those with an estimated score if there are any
/// (only then are there three parts), else those at the largest T.
std::vector<std::vector<Parts>> chosen_parts(const SeriesIndex& index) {
  std::map<std::string, std::vector<Parts>> estimated;
  std::map<std::string, std::vector<Parts>> plain;
  for (const std::string& sampler : index.samplers()) {
    for (const Series& series : index.all()) {
      if (series.sampler != sampler || series.start != Start::gaussian) continue;
      const auto parts = parts_of(series, *series.cells.back());
      if (!parts) continue;
      (parts->score ? estimated : plain)[series.target->text].push_back(*parts);
    }
  }
  std::vector<std::vector<Parts>> out;
  for (const TargetEntry* target : index.panel_targets()) {
    const auto& of_target = estimated[target->text].empty() && estimated.size() < 2
                                ? plain[target->text]
                                : estimated[target->text];
    if (!of_target.empty()) out.push_back(of_target);
  }
  return out;
}

/// The parts side by side on one axis, or each bar as shares of its own sum (a first-order sampler
/// would else hide what an accelerated one is made of).
Figure bar_figure(const std::vector<Parts>& rows, bool shares) {
  BarChart chart;
  chart.parts = {
      {"prior mismatch", "sky"}, {"discretisation", "vermillion"}, {"score error", "green"}};
  chart.total_label = "total";
  std::vector<double> ends = {0};
  for (const Parts& row : rows) {
    const double unit = shares ? row.sum().value() / 100 : 1;
    if (!(unit > 0)) continue;
    chart.rows.push_back({row.series->sampler,
                          {row.initialisation.value() / unit, row.discretisation.value() / unit,
                           row.score ? row.score->value() / unit : 0},
                          row.cell->tv.value() / unit});
    ends.push_back(row.sum().value() / unit);
  }
  if (chart.rows.empty()) return {};
  // Room for the marker of a total near zero.
  const auto with_room = [](Axis axis) {
    axis.low = -0.02 * axis.high;
    return axis;
  };
  chart.x = with_room(axis_for(shares ? "share of the sum, %" : "total variation",
                               shares ? "percent" : "tv", false, ends));
  const LawResult& first = *rows.front().cell;
  const TargetEntry& target = *rows.front().series->target;
  const bool same_steps = std::all_of(rows.begin(), rows.end(), [&](const Parts& row) {
    return row.cell->request.steps == first.request.steps;
  });
  const std::string steps = same_steps ? fmt::format(", T = {}", first.request.steps) : "";
  const std::string score =
      first.request.score == "exact" ? "exact score" : "score estimate " + first.request.score;
  return {(shares ? "shares-" : "parts-") + slug(target.label),
          target.label + steps + (shares ? ": shares" : ""),
          fmt::format("{}; {}{}.", target.title.empty() ? target.label : target.title, score,
                      shares ? "; every bar scaled to its own sum" : ""),
          chart};
}

/// The largest prior mismatch of the rows, in words.
std::string start_remark(const std::vector<std::vector<Parts>>& all) {
  const Parts* worst = nullptr;
  for (const auto& rows : all) {
    for (const Parts& row : rows) {
      if (worst == nullptr || row.initialisation.value() > worst->initialisation.value()) {
        worst = &row;
      }
    }
  }
  return fmt::format("; the prior mismatch is at most {} ({} on {})",
                     typeset(rounded(worst->initialisation, 2)), worst->series->sampler,
                     worst->series->target->label);
}

ordered_json parts_row(const Parts& parts, bool first) {
  ordered_json row;
  row["first"] = first;
  row["target"] = parts.series->target->label;
  row["sampler"] = parts.series->sampler;
  row["score"] = parts.series->score;
  row["steps"] = parts.cell->request.steps;
  row["initialisation"] = to_json(parts.initialisation);
  row["discretisation"] = to_json(parts.discretisation);
  row["score_part"] = parts.score ? to_json(*parts.score) : ordered_json(nullptr);
  row["sum"] = to_json(parts.sum());
  row["total"] = to_json(parts.cell->tv);
  const Judgement judgement = at_most(parts.cell->tv, parts.sum());
  set_verdict(row, judgement.verdict, judgement.reason);
  return row;
}

/// TV(K_t p_t, p_{t-1}) against t for the samplers of one target.
Figure local_figure(const TargetEntry& target, const std::vector<const LawResult*>& cells) {
  LineChart chart;
  for (const LawResult* cell : cells) {
    Line line = sampler_line(cell->request.sampler, {});
    line.marker_every = kMarkerStride;
    const double steps = static_cast<double>(cell->request.steps);
    for (std::size_t i = 0; i < cell->local_errors.size(); ++i) {
      const Quantity& value = cell->local_errors[i].value;
      if (value.value() > 2 * value.error()) {
        line.points.push_back({steps - static_cast<double>(i), value.value(), value.error()});
      }
    }
    std::reverse(line.points.begin(), line.points.end());
    if (!line.points.empty()) chart.lines.push_back(std::move(line));
  }
  if (chart.lines.empty()) return {};
  raise_subject(chart.lines);
  // What a chain does on its last steps is smaller than all else by dozens of powers of ten.
  std::vector<double> visible = all_y(chart.lines);
  const double floor = kShownBelow * *std::max_element(visible.begin(), visible.end());
  std::erase_if(visible, [floor](double y) { return y < floor; });
  std::vector<double> steps;
  for (const Line& line : chart.lines) {
    for (const DataPoint& p : line.points) {
      if (p.y >= floor) steps.push_back(p.x);
    }
  }
  chart.x = axis_for("step t (data at the left, noise at the right)", "t", false, steps);
  chart.y = axis_for("local error", "local_error", true, visible);
  return {"local-" + slug(target.label),
          fmt::format("{}, T = {}", target.label, cells.front()->request.steps),
          fmt::format("Error made by each single step on {}.", target.label), chart};
}

}  // namespace

Section parts_section(const SeriesIndex& index) {
  Section section;
  ordered_json rows = ordered_json::array();
  ordered_json bars = ordered_json::array();
  const std::vector<std::vector<Parts>> chosen = chosen_parts(index);
  for (const std::vector<Parts>& of_target : chosen) {
    for (const Parts& parts : of_target) {
      rows.push_back(parts_row(parts, &parts == &of_target.front()));
    }
    for (const bool shares : {false, true}) {
      Figure figure = bar_figure(of_target, shares);
      if (figure.id.empty() || bars.size() >= kMostBars) continue;
      bars.push_back(figure_json(figure));
      section.figures.push_back(std::move(figure));
    }
  }
  if (rows.empty()) {
    section.numbers = nullptr;
    return section;
  }
  ordered_json local = ordered_json::array();
  for (const TargetEntry* target : index.panel_targets()) {
    std::vector<const LawResult*> cells;
    for (const std::string& sampler : index.samplers()) {
      for (const Series& series : index.all()) {
        if (series.target != target || series.sampler != sampler || !series.plain()) continue;
        const auto found =
            std::find_if(series.cells.rbegin(), series.cells.rend(),
                         [](const LawResult* cell) { return !cell->local_errors.empty(); });
        if (found != series.cells.rend()) cells.push_back(*found);
      }
    }
    if (cells.empty()) continue;
    Figure figure = local_figure(*target, cells);
    if (figure.id.empty()) continue;
    local.push_back(figure_json(figure));
    section.figures.push_back(std::move(figure));
  }
  const bool uniform = std::all_of(rows.begin(), rows.end(), [&rows](const ordered_json& row) {
    return row["score"] == rows[0]["score"] && row["steps"] == rows[0]["steps"];
  });
  std::string context = start_remark(chosen);
  if (uniform) {
    context = fmt::format(", T = {}, score {}", rows[0]["steps"].get<long>(),
                          rows[0]["score"].get<std::string>()) +
              context;
  }
  section.numbers = {{"bars", std::move(bars)},     {"uniform", uniform},
                     {"rows", std::move(rows)},     {"context", context},
                     {"has_local", !local.empty()}, {"local", std::move(local)}};
  return section;
}

}  // namespace lemmabench
