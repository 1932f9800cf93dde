// The gnuplot script of a figure. Everything is placed by us in pixels of a fixed canvas: the
// same figure must look the same as SVG and PDF, and labels must not run into each other.

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <cmath>
#include <numeric>

#include "reports/figures/figure_layout.hpp"
#include "reports/figures/figure_panels.hpp"

namespace lemmabench {

using namespace layout;  // NOLINT: the vocabulary of this file

namespace {

/// Heights for labels that want to stand at `wanted` (sorted by it), at least kLabelHeight apart
/// and inside [top, bottom], with the least sum of squared shifts: pool adjacent violators.
std::vector<double> spread(const std::vector<double>& wanted, double top, double bottom) {
  struct Pool {
    double sum;  // of wanted minus the place within the pool
    double count;
  };
  const double room =
      std::max(bottom - top - kLabelHeight * static_cast<double>(wanted.size() - 1), 0.0);
  std::vector<Pool> pools;
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    pools.push_back({wanted[i] - kLabelHeight * static_cast<double>(i), 1});
    while (pools.size() > 1 && pools[pools.size() - 2].sum / pools[pools.size() - 2].count >
                                   pools.back().sum / pools.back().count) {
      pools[pools.size() - 2].sum += pools.back().sum;
      pools[pools.size() - 2].count += pools.back().count;
      pools.pop_back();
    }
  }
  std::vector<double> out;
  for (const Pool& pool : pools) {
    const double base = std::clamp(pool.sum / pool.count, top, top + room);
    for (double k = 0; k < pool.count; ++k) {
      out.push_back(base + kLabelHeight * static_cast<double>(out.size()));
    }
  }
  return out;
}

/// The names of the lines: in the right margin, moved apart, with a hair line where one had to
/// move; of a line that ends well inside the frame, at its end.
std::string end_labels(const LineChart& chart, const Frame& frame) {
  struct End {
    const Line* line;
    double x, y;
  };
  std::vector<End> ends;
  for (const Line& line : chart.lines) {
    if (line.points.empty() || line.label.empty()) continue;
    const DataPoint& last = line.points.back();
    ends.push_back({&line, std::min(frame.x(chart.x, last.x), frame.right),
                    std::clamp(frame.y(chart.y, last.y), frame.top, frame.bottom)});
  }
  std::string out;
  const auto inside = std::stable_partition(
      ends.begin(), ends.end(), [&](const End& end) { return end.x > frame.right - kInside; });
  for (auto end = inside; end != ends.end(); ++end) {
    out += fmt::format("set label {} at {} font ',11' textcolor {} front{}\n",
                       literal(end->line->label), at_pixel(end->x + 5, end->y - 9),
                       colour(end->line->guide ? "quiet" : "text"),
                       end->line->guide ? "" : " noenhanced");
  }
  ends.erase(inside, ends.end());
  std::stable_sort(ends.begin(), ends.end(), [](const End& a, const End& b) { return a.y < b.y; });
  std::vector<double> wanted;
  for (const End& end : ends) wanted.push_back(end.y);
  const std::vector<double> placed = spread(wanted, frame.top + 2, frame.bottom - 4);

  for (std::size_t i = 0; i < ends.size(); ++i) {
    const Line& line = *ends[i].line;
    const double text_at = frame.right + 18;
    out += fmt::format("set arrow from {} to {} nohead lc {} lw 0.6 front\n",
                       at_pixel(ends[i].x + 4, ends[i].y), at_pixel(frame.right + 8, placed[i]),
                       colour(line.guide ? "rule" : line.style.ink));
    if (line.guide) {
      out += fmt::format("set label {} at {} font ',11' textcolor {} front\n", literal(line.label),
                         at_pixel(frame.right + 11, placed[i]), colour("quiet"));
    } else {
      out += fmt::format("set label '' at {} point pt {} ps 0.62 lc {} front\n",
                         at_pixel(frame.right + 11, placed[i]), line.style.marker,
                         colour(line.style.ink));
      out += fmt::format("set label {} at {} font ',11' textcolor {} front noenhanced\n",
                         literal(line.label), at_pixel(text_at, placed[i]), colour("text"));
    }
  }
  return out;
}

std::string dash_type(const std::string& dash) {
  return dash.empty() ? "dt solid" : "dt (" + dash + ")";
}

/// The data blocks and the plot command. An error bar shorter than the marker is not drawn.
std::string plot_lines(const LineChart& chart) {
  std::string blocks;
  std::string plots;
  const auto add = [&plots](const std::string& plot) {
    plots += (plots.empty() ? "plot " : ", \\\n     ") + plot;
  };
  for (std::size_t i = 0; i < chart.lines.size(); ++i) {
    const Line& line = chart.lines[i];
    std::string points;
    std::string bars;
    for (const DataPoint& p : line.points) {
      if ((chart.x.log && p.x <= 0) || (chart.y.log && p.y <= 0)) continue;
      points += fmt::format("{} {}\n", p.x, p.y);
      if (p.error > 0.02 * std::abs(p.y)) {
        const double low = chart.y.log ? std::max(p.y - p.error, chart.y.low) : p.y - p.error;
        bars += fmt::format("{} {} 0 {}\n", p.x, low, p.y + p.error - low);
      }
    }
    if (points.empty()) continue;
    blocks += fmt::format("$line{} << END\n{}END\n", i, points);
    const std::string look = fmt::format("lc {} lw {} {}", colour(line.style.ink), line.style.width,
                                         dash_type(line.style.dash));
    add(fmt::format("$line{} with lines {}", i, look));
    if (line.style.marker != 0) {
      add(fmt::format("$line{} every {} with points pt {} ps 0.62 lw 1.4 lc {}", i,
                      line.marker_every, line.style.marker, colour(line.style.ink)));
    }
    if (!bars.empty()) {
      blocks += fmt::format("$bars{} << END\n{}END\n", i, bars);
      add(fmt::format("$bars{} with vectors nohead lc {} lw 1.2", i, colour(line.style.ink)));
    }
  }
  return blocks + plots + "\n";
}

std::string line_script(const Figure& figure, const LineChart& chart) {
  const Frame frame{kLeft, kWidth - kRight, kTop, kHeight - kBottom};
  return header(figure, frame) + x_axis(chart.x, frame) + y_axis(chart.y) +
         end_labels(chart, frame) + plot_lines(chart);
}

/// The key of a bar chart: a square for every part and a diamond for the total, in one row.
std::string bar_key(const BarChart& chart) {
  std::string out;
  double x = 14;
  const auto entry = [&](const std::string& label, const std::string& ink, int point) {
    out += fmt::format("set label '' at {} point pt {} ps 0.9 lc {} front\n",
                       at_pixel(x, kAxisNameAt), point, colour(ink));
    out += fmt::format("set label {} at {} font ',11' textcolor {} front noenhanced\n",
                       literal(label), at_pixel(x + 9, kAxisNameAt), colour("text"));
    x += 30 + 6.6 * static_cast<double>(label.size());
  };
  for (const BarChart::Part& part : chart.parts) entry(part.label, part.ink, 5);
  entry(chart.total_label, "text", 13);
  return out;
}

std::string bar_script(const Figure& figure, const BarChart& chart) {
  const Frame frame{kBarLeft, kWidth - kBarRight, kTop + 4, kHeight - kBottom};
  std::string out = header(figure, frame) + x_axis(chart.x, frame) + bar_key(chart);
  std::string names;
  std::string totals;
  for (std::size_t i = 0; i < chart.rows.size(); ++i) {
    const std::size_t height = chart.rows.size() - i;  // the first row on top
    names += fmt::format("{}{} {}", i == 0 ? "" : ", ", literal(chart.rows[i].label), height);
    totals += fmt::format("{} {}\n", chart.rows[i].total, height);
  }
  out += fmt::format(
      "set grid xtics lt 1 lc {} lw 0.8 dt solid back\nset yrange [0.4:{}]\n"
      "set ytics ({}) offset 0.6,0 scale 0 font ',11' noenhanced\n",
      colour("rule"), static_cast<double>(chart.rows.size()) + 0.6, names);
  std::string plots;
  for (std::size_t k = 0; k < chart.parts.size(); ++k) {
    out += fmt::format("$part{} << END\n", k);
    for (std::size_t i = 0; i < chart.rows.size(); ++i) {
      const auto& parts = chart.rows[i].parts;
      const double from = std::accumulate(parts.begin(), parts.begin() + static_cast<long>(k), 0.0);
      const double middle = static_cast<double>(chart.rows.size() - i);
      out += fmt::format("{} {} {} {} {} {}\n", from, middle, from, from + parts[k], middle - 0.3,
                         middle + 0.3);
    }
    out += "END\n";
    plots += fmt::format("{}$part{} with boxxyerror fs solid noborder lc {}",
                         k == 0 ? "plot " : ", \\\n     ", k, colour(chart.parts[k].ink));
  }
  out += fmt::format("$total << END\n{}END\n", totals);
  return out + plots +
         fmt::format(
             ", \\\n     $total with points pt 13 ps 1.0 lc {}, "
             "$total with points pt 13 ps 0.7 lc {}\n",
             colour("paper"), colour("text"));
}

}  // namespace

std::string id_prefix(const Figure& figure) {
  std::string out = figure.id;
  std::replace_if(
      out.begin(), out.end(), [](unsigned char c) { return std::isalnum(c) == 0; }, '_');
  return out;
}

std::string gnuplot_script(const Figure& figure) {
  std::string out = std::visit(
      [&](const auto& chart) {
        using Chart = std::decay_t<decltype(chart)>;
        if constexpr (std::is_same_v<Chart, LineChart>) return line_script(figure, chart);
        if constexpr (std::is_same_v<Chart, BarChart>) return bar_script(figure, chart);
        if constexpr (std::is_same_v<Chart, HeatChart>) return heat_script(figure, chart);
        if constexpr (std::is_same_v<Chart, ForestChart>) return forest_script(figure, chart);
      },
      figure.chart);
  // 96 px to the inch, so 12 px are 9 pt.
  out += fmt::format(
      "set terminal pdfcairo size {:.4f}in,{:.4f}in enhanced font 'sans,9' rounded linewidth 0.75\n"
      "set output '{}.pdf'\nreplot\nset output\n",
      kWidth / 96, kHeight / 96, figure.id);
  return out;
}

std::string csv(const Figure& figure) {
  if (const auto* chart = std::get_if<LineChart>(&figure.chart)) {
    std::string out = fmt::format("series,{},{},error\n", chart->x.column, chart->y.column);
    for (const Line& line : chart->lines) {
      if (line.guide) continue;
      for (const DataPoint& p : line.points) {
        out += fmt::format("{},{},{},{}\n", csv_cell(line.label), p.x, p.y, p.error);
      }
    }
    return out;
  }
  if (const auto* chart = std::get_if<HeatChart>(&figure.chart)) return heat_csv(*chart);
  if (const auto* chart = std::get_if<ForestChart>(&figure.chart)) return forest_csv(*chart);
  const auto& chart = std::get<BarChart>(figure.chart);
  std::string out = fmt::format("row,part,{}\n", chart.x.column);
  for (const BarChart::Row& row : chart.rows) {
    for (std::size_t k = 0; k < chart.parts.size(); ++k) {
      out += fmt::format("{},{},{}\n", csv_cell(row.label), csv_cell(chart.parts[k].label),
                         row.parts.at(k));
    }
    out += fmt::format("{},{},{}\n", csv_cell(row.label), csv_cell(chart.total_label), row.total);
  }
  return out;
}

}  // namespace lemmabench
