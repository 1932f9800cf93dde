#include "reports/figures/figure_panels.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "reports/figures/figure_layout.hpp"

namespace lemmabench {

using namespace layout;  // NOLINT: the vocabulary of this file

namespace {

constexpr double kHeatLeft = 58;
constexpr double kForestLeft = 128;
constexpr double kPanelRight = 14;
/// The full colour still carries dark text.
constexpr double kFullShade = 0.75;

/// Names along an axis with one place for each.
std::string place_names(const std::vector<std::string>& names, bool downwards) {
  std::string out;
  for (std::size_t i = 0; i < names.size(); ++i) {
    out += fmt::format("{}{} {}", i == 0 ? "" : ", ", literal(names[i]),
                       downwards ? names.size() - i : i + 1);
  }
  return "(" + out + ")";
}

/// A key in one row above the frame, one entry for each series.
std::string forest_key(const ForestChart& chart) {
  std::string out;
  std::vector<std::string> known;
  double x = 14;
  for (const ForestChart::Row& row : chart.rows) {
    for (const ForestChart::Estimate& estimate : row.estimates) {
      if (std::find(known.begin(), known.end(), estimate.label) != known.end()) continue;
      known.push_back(estimate.label);
      out +=
          fmt::format("set label '' at {} point pt {} ps 0.8 lc {} front\n",
                      at_pixel(x, kAxisNameAt), estimate.style.marker, colour(estimate.style.ink));
      out += fmt::format("set label {} at {} font ',11' textcolor {} front noenhanced\n",
                         literal(estimate.label), at_pixel(x + 9, kAxisNameAt), colour("text"));
      x += 30 + 6.6 * static_cast<double>(estimate.label.size());
    }
  }
  return out;
}

std::string reference_lines(const ForestChart& chart, const Frame& frame) {
  std::string out;
  for (const ForestChart::Reference& line : chart.references) {
    const double x = frame.x(chart.x, line.at);
    out += fmt::format("set arrow from {} to {} nohead lc {} lw 1.2 dt (4,3) back\n",
                       at_pixel(x, frame.top), at_pixel(x, frame.bottom), colour(line.ink));
    out += fmt::format("set label {} at {} center font ',11' textcolor {} front\n",
                       literal(line.label), at_pixel(x, frame.top - 6), colour("quiet"));
  }
  return out;
}

/// Filled point types of gnuplot and their hollow twins.
int hollow(int marker) {
  const bool filled = marker == 5 || marker == 7 || marker == 9 || marker == 11 || marker == 13;
  return filled ? marker - 1 : marker;
}

}  // namespace

std::string csv_cell(std::string text) {
  if (text.find_first_of(",\"\n") == std::string::npos) return text;
  for (std::size_t i = text.find('"'); i != std::string::npos; i = text.find('"', i + 2)) {
    text.insert(i, 1, '"');
  }
  return "\"" + text + "\"";
}

std::string heat_script(const Figure& figure, const HeatChart& chart) {
  const Frame frame{kHeatLeft, kWidth - kPanelRight, kTop, kHeight - kBottom};
  const auto rows = static_cast<double>(chart.rows.size());
  const auto columns = static_cast<double>(chart.columns.size());
  std::string out = header(figure, frame);
  out += fmt::format(
      "unset border\nset xrange [0.5:{}]\nset yrange [0.5:{}]\n"
      "set xtics {} scale 0 offset 0,0.4\nset ytics {} scale 0 offset 0.6,0\n",
      columns + 0.5, rows + 0.5, place_names(chart.columns, false), place_names(chart.rows, true));
  out += fmt::format("set label {} at {} center textcolor {} front\n", literal(chart.x_label),
                     at_pixel((frame.left + frame.right) / 2, kHeight - 13), colour("quiet"));
  out += fmt::format("set label {} at {} textcolor {} front\n", literal(chart.y_label),
                     at_pixel(10, kAxisNameAt), colour("quiet"));
  for (std::size_t i = 0; i < chart.rows.size(); ++i) {
    for (std::size_t k = 0; k < chart.columns.size(); ++k) {
      const HeatChart::Cell& cell = chart.cells[i][k];
      const double x = static_cast<double>(k) + 1;
      const double y = rows - static_cast<double>(i);
      if (cell.shade >= 0) {
        out += fmt::format(
            "set object rectangle from {},{} to {},{} fc {} fs transparent solid {:.3f} noborder "
            "back\n",
            x - 0.48, y - 0.47, x + 0.48, y + 0.47, colour("blue"),
            0.08 + (kFullShade - 0.08) * std::min(cell.shade, 1.0));
      }
      // A bracket of two numbers of four digits fills a cell at 11.
      out += fmt::format("set label {} at {},{} center font ',{}' textcolor {} front noenhanced\n",
                         literal(cell.text), x, y, cell.text.size() > 7 ? 8 : 11, colour("text"));
    }
  }
  return out + "$none << END\n-1 -1\nEND\nplot $none with points\n";
}

std::string heat_csv(const HeatChart& chart) {
  std::string out = fmt::format("row,column,{},text\n", chart.column);
  for (std::size_t i = 0; i < chart.rows.size(); ++i) {
    for (std::size_t k = 0; k < chart.columns.size(); ++k) {
      const HeatChart::Cell& cell = chart.cells[i][k];
      out += fmt::format("{},{},{},{}\n", csv_cell(chart.rows[i]), csv_cell(chart.columns[k]),
                         cell.value, csv_cell(cell.text));
    }
  }
  return out;
}

std::string forest_script(const Figure& figure, const ForestChart& chart) {
  const Frame frame{kForestLeft, kWidth - kPanelRight, kTop + 14, kHeight - kBottom};
  std::vector<std::string> names;
  for (const ForestChart::Row& row : chart.rows) names.push_back(row.label);
  std::string out = header(figure, frame) + x_axis(chart.x, frame) + forest_key(chart) +
                    reference_lines(chart, frame);
  out += fmt::format(
      "set grid xtics lt 1 lc {} lw 0.8 dt solid back\nset yrange [0.4:{}]\n"
      "set ytics {} offset 0.6,0 scale 0 font ',11' noenhanced\n",
      colour("rule"), static_cast<double>(chart.rows.size()) + 0.6, place_names(names, true));
  std::string blocks;
  std::string plots;
  for (std::size_t i = 0; i < chart.rows.size(); ++i) {
    const auto& estimates = chart.rows[i].estimates;
    for (std::size_t k = 0; k < estimates.size(); ++k) {
      const ForestChart::Estimate& one = estimates[k];
      const double shift =
          0.22 * (static_cast<double>(k) - (static_cast<double>(estimates.size()) - 1) / 2);
      const double y = static_cast<double>(chart.rows.size() - i) - shift;
      const double low = std::max(one.low, chart.x.low);
      const double high = std::min(one.high, chart.x.high);
      blocks +=
          fmt::format("$bar{0}_{1} << END\n{2} {3} {4} 0\nEND\n$at{0}_{1} << END\n{5} {3}\nEND\n",
                      i, k, low, y, high - low, one.value);
      plots += fmt::format(
          "{}$bar{}_{} with vectors nohead lc {} lw 1.4, $at{}_{} with points pt {} ps 0.7 lc {}",
          plots.empty() ? "plot " : ", \\\n     ", i, k, colour(one.style.ink), i, k,
          one.settled ? one.style.marker : hollow(one.style.marker), colour(one.style.ink));
    }
  }
  if (plots.empty()) plots = "$none << END\n-1 -1\nEND\nplot $none with points";
  return out + blocks + plots + "\n";
}

std::string forest_csv(const ForestChart& chart) {
  std::string out = fmt::format("row,series,{},low,high,settled\n", chart.x.column);
  for (const ForestChart::Row& row : chart.rows) {
    for (const ForestChart::Estimate& one : row.estimates) {
      out += fmt::format("{},{},{},{},{},{}\n", csv_cell(row.label), csv_cell(one.label), one.value,
                         one.low, one.high, one.settled ? "yes" : "no");
    }
  }
  return out;
}

}  // namespace lemmabench
