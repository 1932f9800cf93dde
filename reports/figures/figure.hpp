#pragma once

#include <filesystem>
#include <string>
#include <variant>
#include <vector>

#include "reports/figures/palette.hpp"

namespace lemmabench {

/// One axis. `low` and `high` are given, never guessed by the plotting program, so that labels can
/// be placed and the same data gives the same bytes.
struct Axis {
  std::string label;   ///< with gnuplot's enhanced markup, e.g. "d^{5/4}"
  std::string column;  ///< name of the CSV column, e.g. "steps"
  bool log = true;
  double low = 0;
  double high = 0;
  struct Tick {
    double at = 0;
    std::string text;
  };
  std::vector<Tick> ticks;
};

struct DataPoint {
  double x = 0;
  double y = 0;
  double error = 0;  ///< half-length of the error bar; 0 = none
};

/// A line with markers. A guide is a thin line for the eye (a reference slope): no markers, and it
/// is clipped to the frame.
struct Line {
  std::string label;  ///< shown at the line's end; enhanced markup only for guides
  Style style;
  bool guide = false;
  int marker_every = 1;  ///< a marker at every so manieth point only
  std::vector<DataPoint> points;
};

struct LineChart {
  Axis x;
  Axis y;
  std::vector<Line> lines;
};

/// Horizontal stacked bars on a linear axis, one a row; `total` is drawn as a marker.
struct BarChart {
  struct Part {
    std::string label;
    std::string ink;
  };
  struct Row {
    std::string label;
    std::vector<double> parts;  ///< one for every Part
    double total = 0;
  };
  Axis x;
  std::string total_label;
  std::vector<Part> parts;
  std::vector<Row> rows;
};

/// A table of squares, coloured by a number and labelled with text.
struct HeatChart {
  struct Cell {
    std::string text;   ///< what stands in it
    double value = 0;   ///< for the CSV
    double shade = -1;  ///< 0 (light) to 1 (full colour); below 0: left blank
  };
  std::string x_label;  ///< with gnuplot's enhanced markup
  std::string y_label;
  std::string column;  ///< of the values in the CSV
  std::vector<std::string> columns;
  std::vector<std::string> rows;  ///< from top to bottom
  std::vector<std::vector<Cell>> cells;
};

/// Estimates with intervals, one row a subject, and vertical lines to hold them against.
struct ForestChart {
  struct Estimate {
    std::string label;  ///< in the CSV and the key
    Style style;
    double value = 0;
    double low = 0;
    double high = 0;
    bool settled = true;  ///< hollow marker if not
  };
  struct Row {
    std::string label;
    std::vector<Estimate> estimates;
  };
  struct Reference {
    double at = 0;
    std::string label;
    std::string ink;
  };
  Axis x;
  std::vector<Row> rows;
  std::vector<Reference> references;
};

/// A figure of the report: one gnuplot script that writes it as SVG and PDF, and its data as CSV.
struct Figure {
  std::string id;       ///< file name without ending, and prefix of the ids inside the SVG
  std::string title;    ///< set inside the figure, plain text
  std::string caption;  ///< one or two sentences for the page, plain text
  std::variant<LineChart, BarChart, HeatChart, ForestChart> chart;
};

/// Axis limits that hold all `values` with a little room, and ticks: decades (or every 2nd, 3rd
/// ... decade) on a log axis, round numbers on a linear one. Non-positive values are left out of a
/// log axis. Throws std::logic_error if nothing is left.
Axis axis_for(std::string label, std::string column, bool log, const std::vector<double>& values);

/// Ticks at every `stride`-th of the given values, printed as they are (for the steps T).
std::vector<Axis::Tick> ticks_at(const std::vector<double>& values, int stride);

/// The figure's data as CSV with a header line. Lines: series,x,y,error; bars: row,part,value;
/// heat: row,column,value,text; forest: row,series,value,low,high,settled.
std::string csv(const Figure& figure);

/// What the ids inside the figure's SVG begin with: its id, with `_` for all but letters and
/// digits.
std::string id_prefix(const Figure& figure);

/// The gnuplot script of the figure; writes `<id>.svg` and `<id>.pdf` to the current directory.
std::string gnuplot_script(const Figure& figure);

/// Writes `<id>.svg`, `<id>.pdf`, `<id>.csv` and `<id>.gp` of every figure into `directory`, which
/// exists. The bytes depend on the figures alone (no time stamps). `threads` runs of gnuplot share
/// the work. Throws std::runtime_error (exit code 3) when gnuplot is missing, fails, or leaves an
/// empty figure.
void write_figures(const std::vector<Figure>& figures, const std::filesystem::path& directory,
                   int threads);

/// An SVG of write_figures() made fit to stand inside an HTML page: no XML header, ids that begin
/// with the figure's, colours as CSS variables, the page's font, a title for screen readers.
std::string inline_svg(const Figure& figure, const std::string& svg);

}  // namespace lemmabench
