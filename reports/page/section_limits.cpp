#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "numerics/richardson.hpp"
#include "reports/figures/chart.hpp"
#include "reports/page/sections.hpp"
#include "reports/text/typesetting.hpp"

namespace lemmabench {

namespace {

using nlohmann::ordered_json;

constexpr std::size_t kLeastNodes = 4;
constexpr long kBits = 256;

/// (T/log T) e_T against log T/T, for one series of ddpm-posterior on a flat Gaussian.
struct Sequence {
  std::vector<Ball> nodes;
  std::vector<Ball> values;
};

Sequence sequence_of(const Series& series) {
  Sequence out;
  for (const LawResult* cell : series.cells) {
    const Ball steps(cell->request.steps);
    out.nodes.push_back(log(steps) / steps);
    out.values.push_back(cell->relative_variance_error.front().value.interval() / out.nodes.back());
  }
  return out;
}

/// A flat Gaussian, run by ddpm-posterior with the li-cai schedule: theory.md section 3 knows the
/// limit, -c1/2.
const LiCaiSchedule* known_limit(const Series& series) {
  if (series.sampler != "ddpm-posterior" || !series.plain() || !series.target->single_gaussian() ||
      series.cells.size() < kLeastNodes) {
    return nullptr;
  }
  if (series.cells.front()->relative_variance_error.size() != 1) return nullptr;
  return std::get_if<LiCaiSchedule>(&series.cells.front()->request.schedule);
}

/// The limit with as many digits as stand still and two more.
ordered_json limit_json(const RichardsonLimit& found) {
  ordered_json out = to_json(found.limit, found.stable_digits + 2);
  const std::string text = rounded(found.limit, static_cast<int>(found.stable_digits) + 1);
  out["text"] = text;
  out["typeset"] = typeset(text);
  return out;
}

ordered_json limit_row(const Series& series, const LiCaiSchedule& schedule) {
  const PrecisionScope scope(kBits);
  const Sequence sequence = sequence_of(series);
  const RichardsonLimit found = richardson_limit(sequence.nodes, sequence.values);
  const Rational exact = Rational(0) - schedule.c1 / Rational(2);
  const double off = std::abs((found.limit.interval() - Ball(exact)).to_double());
  const double relative = off / std::abs(exact.to_double());
  ordered_json row;
  row["target"] = series.target->label;
  row["sampler"] = series.sampler;
  row["schedule"] = series.schedule;
  row["steps"] =
      fmt::format("{} to {}, {} of {}", series.cells.front()->request.steps,
                  series.cells.back()->request.steps, found.nodes_used, series.cells.size());
  row["limit"] = limit_json(found);
  row["exact"] = typeset(exact.text());
  row["difference"] = typeset(rounded(off, 0, 2));
  row["digits"] = relative > 0 ? static_cast<int>(std::floor(-std::log10(relative))) : 0;
  return row;
}

Figure limit_figure(const std::vector<const Series*>& all) {
  static const std::vector<std::pair<std::string, int>> looks = {
      {"blue", 5}, {"vermillion", 13}, {"green", 11}, {"purple", 9}, {"amber", 7}, {"sky", 6}};
  const PrecisionScope scope(kBits);
  LineChart chart;
  for (std::size_t i = 0; i < all.size() && i < looks.size(); ++i) {
    const auto& schedule = std::get<LiCaiSchedule>(all[i]->cells.front()->request.schedule);
    const Ball exact(Rational(0) - schedule.c1 / Rational(2));
    const Sequence sequence = sequence_of(*all[i]);
    Line line;
    const auto& gaussian = std::get<GaussianLaw>(all[i]->target->target.law);
    line.label = fmt::format("λ = {}, c₁ = {}", gaussian.coordinates.front().variance().text(),
                             schedule.c1.text());
    line.style = {looks[i].first, looks[i].second, "", 1.6};
    for (std::size_t k = 2; k < sequence.nodes.size(); ++k) {
      const auto count = static_cast<long>(k + 1);
      const RichardsonLimit found =
          richardson_limit({sequence.nodes.begin(), sequence.nodes.begin() + count},
                           {sequence.values.begin(), sequence.values.begin() + count});
      const double off = std::abs((found.limit.interval() - exact).to_double());
      line.points.push_back({static_cast<double>(all[i]->cells[k]->request.steps), off, 0});
    }
    chart.lines.push_back(std::move(line));
  }
  chart.x = steps_axis(all_x(chart.lines));
  chart.x.label = "largest T used";
  chart.y = axis_for("|extrapolated limit + c_1/2|", "difference", true, all_y(chart.lines));
  return {"limits", "Distance of the extrapolated limit from −c₁/2",
          "Each point extrapolates from all step counts up to T.", chart};
}

}  // namespace

Section limits_section(const SeriesIndex& index) {
  Section section;
  std::vector<const Series*> all;
  ordered_json rows = ordered_json::array();
  for (const Series& series : index.all()) {
    if (const LiCaiSchedule* schedule = known_limit(series)) {
      rows.push_back(limit_row(series, *schedule));
      all.push_back(&series);
    }
  }
  if (rows.empty()) {
    section.numbers = nullptr;
    return section;
  }
  Figure figure = limit_figure(all);
  section.numbers = {{"rows", std::move(rows)}, {"figures", {figure_json(figure)}}};
  section.figures.push_back(std::move(figure));
  return section;
}

}  // namespace lemmabench
