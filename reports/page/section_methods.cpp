#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "harness/records/request_text.hpp"
#include "reports/page/sections.hpp"

namespace lemmabench {

namespace {

using nlohmann::ordered_json;

ordered_json texts(const std::vector<std::string>& lines) {
  ordered_json out = ordered_json::array();
  for (const std::string& line : lines) out.push_back({{"text", line}});
  return out;
}

ordered_json provenance(const SeriesIndex& index) {
  ordered_json rows = ordered_json::array();
  std::string last;
  for (const Series& series : index.all()) {
    const LawResult& cell = *series.cells.back();
    ordered_json row;
    row["first"] = !rows.empty() && series.target->label != last;
    last = series.target->label;
    row["target"] = series.target->label;
    row["sampler"] = series.sampler;
    row["steps"] = series.cells.size() == 1
                       ? fmt::format("{}", cell.request.steps)
                       : fmt::format("{} to {} ({})", series.cells.front()->request.steps,
                                     cell.request.steps, series.cells.size());
    row["tv"] = to_json(cell.tv);
    row["engine"] = cell.engine;
    row["arithmetic"] = cell.arithmetic;
    row["score_calls"] = cell.score_calls;
    row["command"] = command_text(cell.request);
    rows.push_back(std::move(row));
  }
  return rows;
}

ordered_json sampler_list(const SeriesIndex& index) {
  ordered_json out = ordered_json::array();
  for (const std::string& sampler : index.samplers()) {
    const auto found =
        std::find_if(index.all().begin(), index.all().end(),
                     [&sampler](const Series& series) { return series.sampler == sampler; });
    const SamplerInfo& info = *found->info;
    out.push_back({{"sampler", sampler},
                   {"title", info.title},
                   {"formula", info.formula},
                   {"tag", info.tag},
                   {"source", info.source}});
  }
  return out;
}

/// What the engines of this report do, from the cells themselves.
std::vector<std::string> methods(const SeriesIndex& index) {
  std::map<std::string, std::set<std::string>> arithmetics;
  for (const Series& series : index.all()) {
    for (const LawResult* cell : series.cells) arithmetics[cell->engine].insert(cell->arithmetic);
  }
  const auto listed = [&](const std::string& engine) {
    const std::set<std::string>& kinds = arithmetics[engine];
    return kinds.size() == 1 ? *kinds.begin() : *kinds.begin() + " to " + *kinds.rbegin();
  };
  std::vector<std::string> out;
  if (arithmetics.count("gaussian") != 0) {
    out.push_back(fmt::format(
        "Gaussian law: with a Gaussian target every score is affine, so the output is Gaussian and "
        "a recursion for each eigenvalue gives its mean and variance. Arithmetic: {}. In balls, "
        "rounding and truncation are part of the interval, and the number is proved.",
        listed("gaussian")));
  }
  if (arithmetics.count("line") != 0) {
    out.push_back(fmt::format(
        "Line law: in one dimension the density of Y is carried from level to level by quadrature "
        "on a spectral grid. Arithmetic: {}. The error is what changes when grid and quadrature "
        "are refined: computed, not proved.",
        listed("line")));
  }
  out.push_back(
      "Orders: least squares of log error against log(log T/T) over a window that ends at the "
      "largest T and starts where the interval is sharpest. The interval holds the statistical "
      "part, the points' own errors and how far the slope moves when the window does. Points under "
      "ten times their own error are refused.");
  out.push_back(
      "Badges belong to the number beside them. A number made from several has the weakest of "
      "their classes; fitted orders are computed at best. Digits are rounded to what the error "
      "leaves meaningful; hover over a number for all of them.");
  return out;
}

std::vector<std::string> honesty(const SeriesIndex& index) {
  std::vector<std::string> out;
  const auto has = [&](std::string_view id) {
    return std::any_of(index.samplers().begin(), index.samplers().end(),
                       [id](const std::string& text) {
                         return std::string_view(text).substr(0, text.find(':')) == id;
                       });
  };
  if (has("li-cai") || has("li-cai-momentum")) {
    out.push_back(
        "li-cai and li-cai-momentum are reconstructions. The update printed by Li and Cai "
        "(arXiv 2410.23285) could not be read; the two forms here satisfy everything that is known "
        "of it and differ in the neighbouring level at which the second score is taken.");
  }
  if (has("li-huang-ode") || has("li-huang-sde")) {
    out.push_back(
        "li-huang-ode and li-huang-sde are reconstructed from memory of arXiv 2403.03852; that "
        "their "
        "orders on Gaussians agree with it is all that was checked.");
  }
  out.push_back(
      "The rate d^(5/2)/T² of claim D5 is quoted; its power of the logarithm is not known to us. "
      "The log⁵T used here is derived, not quoted.");
  out.push_back(
      "Expected orders are derived for these schedules and checked numerically; they are not "
      "theorems of the papers.");
  out.push_back(
      "A finite table of step counts cannot prove an asymptotic order. “Reached” means that the "
      "last local slopes have settled, not that they never move again.");
  return out;
}

}  // namespace

Section methods_section(const SeriesIndex& index) {
  Section section;
  section.numbers = {{"provenance", provenance(index)},
                     {"samplers", sampler_list(index)},
                     {"methods", texts(methods(index))},
                     {"honesty", texts(honesty(index))}};
  return section;
}

}  // namespace lemmabench
