#include "reports/figures/chart.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <cmath>
#include <map>
#include <set>

#include "numerics/order_fit.hpp"

namespace lemmabench {

std::string slug(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (std::isalnum(static_cast<unsigned char>(c)) != 0) {
      out += c;
    } else if (!out.empty() && out.back() != '-') {
      out += '-';
    }
  }
  while (!out.empty() && out.back() == '-') out.pop_back();
  return out;
}

std::vector<DataPoint> tv_points(const Series& series) {
  std::vector<DataPoint> points;
  for (const LawResult* cell : series.cells) {
    const double value = std::abs(cell->tv.value());
    const double error = cell->tv.error();
    if (value > 2 * error && value > 0) {
      points.push_back({static_cast<double>(cell->request.steps), value, error});
    }
  }
  return points;
}

Line sampler_line(const std::string& sampler, std::vector<DataPoint> points) {
  Line line;
  line.label = sampler;
  line.style = sampler_style(sampler);
  line.points = std::move(points);
  return line;
}

Line slope_guide(int order, double anchor, const std::vector<double>& steps) {
  Line line;
  line.guide = true;
  line.label = order == 1 ? "log T/T" : fmt::format("(log T/T)^{}", order);
  line.style = {"quiet", 0, "2,3", 0.8};
  const double last = scale(ScalingModel::log_corrected, steps.back());
  for (const double t : steps) {
    line.points.push_back(
        {t, anchor * std::pow(scale(ScalingModel::log_corrected, t) / last, order), 0});
  }
  return line;
}

std::vector<Line> slope_guides(const std::vector<const Series*>& series) {
  std::map<int, double> highest;
  std::set<double> steps;
  for (const Series* one : series) {
    const std::vector<DataPoint> points = tv_points(*one);
    if (points.empty()) continue;
    for (const DataPoint& p : points) steps.insert(p.x);
    if (one->expected_order() > 0) {
      double& value = highest[one->expected_order()];
      value = std::max(value, points.back().y);
    }
  }
  std::vector<Line> guides;
  for (const auto& [order, value] : highest) {
    guides.push_back(slope_guide(order, 2 * value, {steps.begin(), steps.end()}));
  }
  return guides;
}

std::vector<double> all_x(const std::vector<Line>& lines) {
  std::vector<double> out;
  for (const Line& line : lines) {
    if (line.guide) continue;
    for (const DataPoint& p : line.points) out.push_back(p.x);
  }
  return out;
}

std::vector<double> all_y(const std::vector<Line>& lines) {
  std::vector<double> out;
  for (const Line& line : lines) {
    if (line.guide) continue;
    for (const DataPoint& p : line.points) out.push_back(p.y);
  }
  return out;
}

Axis steps_axis(const std::vector<double>& steps) {
  Axis axis = axis_for("steps T", "steps", true, steps);
  constexpr std::size_t kMostStepTicks = 5;
  for (int stride = 1;; ++stride) {
    axis.ticks.clear();
    for (double t = 1; t <= axis.high; t *= std::pow(2.0, stride)) {
      if (t >= axis.low) axis.ticks.push_back({t, fmt::format("{:.0f}", t)});
    }
    if (axis.ticks.size() <= kMostStepTicks) return axis;
  }
}

void raise_subject(std::vector<Line>& lines) {
  std::stable_sort(lines.begin(), lines.end(), [](const Line& a, const Line& b) {
    const auto rank = [](const Line& line) {
      return line.guide ? 0 : line.style.ink == "vermillion" ? 2 : 1;
    };
    return rank(a) < rank(b);
  });
}

Figure tv_figure(const SeriesIndex& index, const TargetEntry& target,
                 const std::vector<std::string>& samplers, const std::string& id) {
  LineChart chart;
  std::vector<const Series*> shown;
  std::size_t hidden = 0;
  for (const std::string& sampler : samplers) {
    const Series* series = index.plain(target.text, sampler);
    if (series == nullptr) continue;
    std::vector<DataPoint> points = tv_points(*series);
    hidden += series->cells.size() - points.size();
    if (points.empty()) continue;
    shown.push_back(series);
    chart.lines.push_back(sampler_line(sampler, std::move(points)));
  }
  if (shown.empty()) return {};
  for (Line& guide : slope_guides(shown)) chart.lines.push_back(std::move(guide));
  raise_subject(chart.lines);
  chart.x = steps_axis(all_x(chart.lines));
  chart.y = axis_for("TV(p, q)", "tv", true, all_y(chart.lines));
  std::string caption = target.title.empty() ? "" : target.title + ".";
  if (hidden > 0) {
    caption += fmt::format(" {} {} below twice {} own error {} left out.", hidden,
                           hidden == 1 ? "point" : "points", hidden == 1 ? "its" : "their",
                           hidden == 1 ? "is" : "are");
  }
  return {id, target.label, caption, chart};
}

}  // namespace lemmabench
