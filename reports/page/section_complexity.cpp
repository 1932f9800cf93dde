#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "numerics/order_fit.hpp"
#include "reports/figures/chart.hpp"
#include "reports/page/orders.hpp"
#include "reports/page/section_least_steps_points.hpp"
#include "reports/page/sections.hpp"
#include "reports/text/typesetting.hpp"

namespace lemmabench {

namespace {

using nlohmann::ordered_json;

/// A published rate T = d^dim/eps^eps (theory.md section 6), logarithms dropped.
struct Rate {
  std::string id;  ///< sampler
  double dim;
  double eps;
  std::string text_dim;
  std::string text_eps;
};

const std::vector<Rate>& rates() {
  static const std::vector<Rate> all = {{"ddpm", 1, 1, "1", "1"},
                                        {"li-cai", 1.25, 0.5, "5/4", "1/2"},
                                        {"li-cai-momentum", 1.25, 0.5, "5/4", "1/2"}};
  return all;
}

const Rate* rate_of(const std::string& sampler) {
  const auto found = std::find_if(rates().begin(), rates().end(),
                                  [&](const Rate& rate) { return rate.id == sampler; });
  return found == rates().end() ? nullptr : &*found;
}

/// eps = 1, 3, 10^-1, ... down to 1e-15.
std::vector<double> eps_grid() {
  std::vector<double> out;
  for (int k = 0; k <= 15; ++k) {
    out.push_back(std::pow(10.0, -k));
    out.push_back(std::pow(10.0, -k - 0.5));
  }
  return out;
}

/// T* against 1/eps of one series.
std::vector<DataPoint> steps_against_eps(const Series& series) {
  std::vector<DataPoint> out;
  for (const double eps : eps_grid()) {
    if (const auto found = least_steps(series, eps)) {
      out.push_back({1 / eps, found->steps, found->error});
    }
  }
  return out;
}

/// y = y0 (x/x0)^power through `anchor`, from there to x = `to`.
Line power_guide(const std::string& label, double power, const DataPoint& anchor, double to) {
  Line line;
  line.guide = true;
  line.label = label;
  line.style = {"quiet", 0, "2,3", 0.8};
  for (const double x : {anchor.x, to}) {
    line.points.push_back({x, anchor.y * std::pow(x / anchor.x, power), 0});
  }
  return line;
}

/// The published growth of ddpm (d/eps) and li-cai (d^{5/4}/sqrt eps), drawn from the sampler's
/// last point on (against 1/eps: what is not measured any more) or from its first (against d).
void add_rate_guides(LineChart& chart, bool against_dim) {
  const std::vector<double> x = all_x(chart.lines);
  const double end = *std::max_element(x.begin(), x.end());
  std::vector<Line> guides;
  for (const Rate& rate : rates()) {
    if (rate.id == "li-cai-momentum") continue;
    const auto found = std::find_if(chart.lines.begin(), chart.lines.end(),
                                    [&](const Line& line) { return line.label == rate.id; });
    if (found == chart.lines.end()) continue;
    const std::string label = against_dim ? (rate.id == "ddpm" ? "∝ d" : "∝ d^{5/4}")
                                          : (rate.id == "ddpm" ? "∝ 1/ε" : "∝ 1/√ε");
    const auto& points = found->points;
    guides.push_back(power_guide(label, against_dim ? rate.dim : rate.eps,
                                 against_dim ? points.front() : points.back(),
                                 against_dim ? end : 1.5 * end));
  }
  for (Line& guide : guides) chart.lines.push_back(std::move(guide));
}

/// Both axes, wide enough for the guides too: how far they run ahead is the point.
void set_axes(LineChart& chart, Axis x, const std::string& y_label) {
  std::vector<double> y;
  for (const Line& line : chart.lines) {
    for (const DataPoint& p : line.points) y.push_back(p.y);
  }
  chart.x = std::move(x);
  chart.y = axis_for(y_label, "least_steps", true, y);
}

Figure eps_figure(const SeriesIndex& index, const TargetEntry& target) {
  LineChart chart;
  for (const Rate& rate : rates()) {
    const Series* series = index.plain(target.text, rate.id);
    if (series == nullptr) continue;
    std::vector<DataPoint> points = steps_against_eps(*series);
    if (points.size() >= 2) chart.lines.push_back(sampler_line(rate.id, std::move(points)));
  }
  if (chart.lines.empty()) return {};
  add_rate_guides(chart, false);
  raise_subject(chart.lines);
  std::vector<double> x;
  for (const Line& line : chart.lines) {
    for (const DataPoint& p : line.points) x.push_back(p.x);
  }
  set_axes(chart, axis_for("1/ε", "one_over_eps", true, x), "T*(ε), least steps with TV ≤ ε");
  return {"steps-" + slug(target.label), target.label,
          fmt::format("Steps needed on {}{}. Beyond its last point each line goes on, in grey, at "
                      "the published rate.",
                      target.label,
                      target.single_gaussian() ? ", where li-cai is super-convergent" : ""),
          chart};
}

/// The eps in the middle of the range that every member of the family reaches; 0 if there is none.
double common_eps(const SeriesIndex& index, const DimensionFamily& family,
                  const std::string& sampler) {
  double low = 0;
  double high = 1;
  std::size_t members = 0;
  for (const auto& [dim, target] : family.target_of_dim) {
    const Series* series = index.plain(target, sampler);
    if (series == nullptr) continue;
    const std::vector<DataPoint> points = tv_points(*series);
    if (points.size() < 2) continue;
    low = std::max(low, points.back().y);
    high = std::min(high, points.front().y);
    ++members;
  }
  if (members < 3 || low >= high) return 0;
  // One digit, so that it can be named.
  const double middle = std::sqrt(low * high);
  const double unit = std::pow(10.0, std::floor(std::log10(middle)));
  const double named = std::max(1.0, std::floor(middle / unit)) * unit;
  return named > low ? named : middle;
}

struct FamilyLine {
  double eps = 0;
  std::vector<DataPoint> points;  ///< (d, T*)
};

FamilyLine family_line(const SeriesIndex& index, const DimensionFamily& family,
                       const std::string& sampler) {
  FamilyLine out;
  out.eps = common_eps(index, family, sampler);
  if (out.eps == 0) return out;
  for (const auto& [dim, target] : family.target_of_dim) {
    const Series* series = index.plain(target, sampler);
    if (series == nullptr) continue;
    if (const auto found = least_steps(*series, out.eps)) {
      out.points.push_back({static_cast<double>(dim), found->steps, found->error});
    }
  }
  return out;
}

Figure dim_figure(const SeriesIndex& index, const DimensionFamily& family, std::size_t number) {
  LineChart chart;
  std::string levels;
  for (const Rate& rate : rates()) {
    FamilyLine line = family_line(index, family, rate.id);
    if (line.points.size() < 3) continue;
    levels += fmt::format("{}{} at ε = {}", levels.empty() ? "" : ", ", rate.id,
                          typeset(rounded(line.eps, 0, 1)));
    chart.lines.push_back(sampler_line(rate.id, std::move(line.points)));
  }
  if (chart.lines.empty()) return {};
  add_rate_guides(chart, true);
  raise_subject(chart.lines);
  Axis x = axis_for("dimension d", "dim", true, all_x(chart.lines));
  x.ticks.clear();
  for (double d = 1; d <= x.high; d *= 4) {
    if (d >= x.low) x.ticks.push_back({d, fmt::format("{:.0f}", d)});
  }
  set_axes(chart, std::move(x), "T*(ε), least steps with TV ≤ ε");
  return {fmt::format("steps-dimension-{}", number), family.label + " in d dimensions",
          fmt::format("Steps needed as the dimension grows: {}. Grey: the growth that "
                      "the published bounds allow, from d = 1 on; Gaussians need far less.",
                      levels),
          chart};
}

/// The slope of log(T*/log T*) against log d, and how far the last local slope lies from it.
ordered_json growth_in_dim(const std::vector<DataPoint>& points) {
  if (points.size() < 3) return nullptr;
  const auto x = [&](std::size_t i) { return std::log(points[i].x); };
  const auto y = [&](std::size_t i) { return std::log(points[i].y / std::log(points[i].y)); };
  double mx = 0, my = 0;
  const auto n = static_cast<double>(points.size());
  for (std::size_t i = 0; i < points.size(); ++i) {
    mx += x(i) / n;
    my += y(i) / n;
  }
  double xx = 0, xy = 0;
  for (std::size_t i = 0; i < points.size(); ++i) {
    xx += (x(i) - mx) * (x(i) - mx);
    xy += (x(i) - mx) * (y(i) - my);
  }
  const double slope = xy / xx;
  const std::size_t k = points.size() - 1;
  const double last = (y(k) - y(k - 1)) / (x(k) - x(k - 1));
  return to_json(slope, std::abs(last - slope), Evidence::computed);
}

/// error ~ (log T/T)^p makes T*/log T* ~ eps^{-1/p}.
ordered_json growth_in_eps(const Series& series) {
  const ExponentFit fit = fit_order(series, tv_of(series), ScalingModel::log_corrected);
  if (fit.refused() || fit.low <= 0) return nullptr;
  const double half = (1 / fit.low - 1 / fit.high) / 2;
  return to_json(1 / fit.order, half, fit.evidence);
}

ordered_json row(const std::string& sampler, const std::string& family, const Series& series,
                 ordered_json in_dim, const std::string& range) {
  const Rate& rate = *rate_of(sampler);
  return {{"sampler", sampler},
          {"family", family},
          {"in_eps", growth_in_eps(series)},
          {"theory_eps", "≤ " + rate.text_eps},
          {"in_dim", std::move(in_dim)},
          {"theory_dim", "≤ " + rate.text_dim},
          {"range", range}};
}

std::string eps_range(const Series& series) {
  const std::vector<DataPoint> points = tv_points(series);
  if (points.size() < 2) return "–";
  return fmt::format("ε from {} to {}", typeset(rounded(points.front().y, 0, 1)),
                     typeset(rounded(points.back().y, 0, 1)));
}

}  // namespace

Section complexity_section(const SeriesIndex& index) {
  Section section;
  ordered_json figures = ordered_json::array();
  ordered_json rows = ordered_json::array();
  const auto show = [&](Figure figure) {
    if (figure.id.empty()) return;
    figures.push_back(figure_json(figure));
    section.figures.push_back(std::move(figure));
  };
  for (const TargetEntry* target : index.panel_targets()) {
    if (target->single_gaussian()) continue;
    show(eps_figure(index, *target));
    for (const Rate& rate : rates()) {
      const Series* series = index.plain(target->text, rate.id, kLeastFitPoints);
      if (series == nullptr) continue;
      rows.push_back(row(rate.id, target->label, *series, nullptr, eps_range(*series)));
    }
  }
  std::size_t number = 0;
  for (const DimensionFamily& family : index.families()) {
    const std::string& largest = family.target_of_dim.rbegin()->second;
    const Series* any = index.plain(largest, "ddpm");
    if (any != nullptr) show(eps_figure(index, *any->target));
    show(dim_figure(index, family, ++number));
    for (const Rate& rate : rates()) {
      const Series* series = index.plain(largest, rate.id, kLeastFitPoints);
      if (series == nullptr) continue;
      const FamilyLine line = family_line(index, family, rate.id);
      rows.push_back(
          row(rate.id,
              fmt::format("{}, d = {} to {}", family.label, family.target_of_dim.begin()->first,
                          family.target_of_dim.rbegin()->first),
              *series, growth_in_dim(line.points), eps_range(*series)));
    }
  }
  if (rows.empty()) {
    section.numbers = nullptr;
    return section;
  }
  section.numbers = {{"evaluated", ", read off between neighbouring step counts"},
                     {"figures", std::move(figures)},
                     {"rows", std::move(rows)}};
  return section;
}

}  // namespace lemmabench
