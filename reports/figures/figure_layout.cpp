#include "reports/figures/figure_layout.hpp"

#include <fmt/format.h>

namespace lemmabench::layout {

namespace {

std::string tick_list(const Axis& axis) {
  std::string out;
  for (const Axis::Tick& tick : axis.ticks) {
    if (tick.at >= axis.low && tick.at <= axis.high) {
      out += fmt::format("{}{} {}", out.empty() ? "" : ", ", literal(tick.text), tick.at);
    }
  }
  return "(" + out + ")";
}

}  // namespace

std::string colour(std::string_view ink) { return fmt::format("rgb \"{}\"", light_value(ink)); }

std::string literal(std::string_view text) {
  std::string out = "'";
  for (const char c : text) {
    out += c;
    if (c == '\'') out += '\'';
  }
  return out + "'";
}

std::string plain(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (std::string_view("_^{}@&~\\").find(c) != std::string_view::npos) out += '\\';
    out += c;
  }
  return out;
}

std::string at_pixel(double x, double y) {
  return fmt::format("screen {:.6f},screen {:.6f}", x / kWidth, 1 - y / kHeight);
}

std::string header(const Figure& figure, const Frame& frame) {
  std::string out = fmt::format(
      "# {}\n# Run with gnuplot: writes {}.svg and {}.pdf here.\n"
      "reset session\nset encoding utf8\n"
      "set terminal svg size {:.0f},{:.0f} dynamic enhanced font 'sans-serif,12' name '{}' "
      "rounded background {}\n"
      "set output '{}.svg'\n",
      figure.title, figure.id, figure.id, kWidth, kHeight, id_prefix(figure), colour("paper"),
      figure.id);
  out += fmt::format(
      "set lmargin at screen {:.6f}\nset rmargin at screen {:.6f}\n"
      "set tmargin at screen {:.6f}\nset bmargin at screen {:.6f}\n",
      frame.left / kWidth, frame.right / kWidth, 1 - frame.top / kHeight,
      1 - frame.bottom / kHeight);
  out += fmt::format(
      "unset key\nset border 1 lc {} lw 1\nset tics nomirror scale 0.4,0 textcolor {}\n",
      colour("quiet"), colour("text"));
  out += fmt::format("set label {} at {} font ',13' textcolor {} front\n",
                     literal("{/:Bold " + plain(figure.title) + "}"), at_pixel(10, kTitleAt),
                     colour("text"));
  return out;
}

std::string x_axis(const Axis& axis, const Frame& frame) {
  return fmt::format(
      "{}set xrange [{}:{}]\nset xtics {} offset 0,0.2\n"
      "set label {} at {} center textcolor {} front\n",
      axis.log ? "set logscale x\n" : "", axis.low, axis.high, tick_list(axis), literal(axis.label),
      at_pixel((frame.left + frame.right) / 2, kHeight - 13), colour("quiet"));
}

std::string y_axis(const Axis& axis) {
  return fmt::format(
      "{}set yrange [{}:{}]\nset ytics {} offset 0.4,0\n"
      "set grid ytics lt 1 lc {} lw 0.8 dt solid back\n"
      "set label {} at {} textcolor {} front\n",
      axis.log ? "set logscale y\n" : "", axis.low, axis.high, tick_list(axis), colour("rule"),
      literal(axis.label), at_pixel(10, kAxisNameAt), colour("quiet"));
}

}  // namespace lemmabench::layout
