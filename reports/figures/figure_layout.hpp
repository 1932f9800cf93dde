#pragma once

#include <cmath>
#include <string>
#include <string_view>

#include "reports/figures/figure.hpp"

/// What the gnuplot scripts of all kinds of figures share: the canvas, and text and places on it.
namespace lemmabench::layout {

// Canvas in px; the page shows it at 340 px (phone) to 540 px (desktop) width.
inline constexpr double kWidth = 440;
inline constexpr double kHeight = 330;
inline constexpr double kTop = 52;       // title, and the name of the y axis
inline constexpr double kBottom = 44;    // ticks, and the name of the x axis
inline constexpr double kLeft = 50;      // ticks of the y axis
inline constexpr double kRight = 118;    // names of the lines
inline constexpr double kBarLeft = 112;  // names of the bars
inline constexpr double kBarRight = 16;
inline constexpr double kLabelHeight = 13.5;
inline constexpr double kInside = 110;  // a line that ends so far from the frame is named there
inline constexpr double kTitleAt = 14;  // px from the upper edge
inline constexpr double kAxisNameAt = 38;

/// An ink's light value as gnuplot's colour.
std::string colour(std::string_view ink);
/// A gnuplot string in single quotes.
std::string literal(std::string_view text);
/// Text that means itself inside enhanced markup.
std::string plain(std::string_view text);
/// "screen x,screen y" from pixels counted from the upper left corner.
std::string at_pixel(double x, double y);

/// The rectangle of the data on the canvas.
struct Frame {
  double left, right, top, bottom;  // px from the upper left corner

  static double share(const Axis& axis, double value) {
    return axis.log ? std::log(value / axis.low) / std::log(axis.high / axis.low)
                    : (value - axis.low) / (axis.high - axis.low);
  }
  double x(const Axis& axis, double value) const {
    return left + share(axis, value) * (right - left);
  }
  double y(const Axis& axis, double value) const {
    return bottom - share(axis, value) * (bottom - top);
  }
};

/// Terminal, margins and the title.
std::string header(const Figure& figure, const Frame& frame);
/// Ticks and name of an axis.
std::string x_axis(const Axis& axis, const Frame& frame);
std::string y_axis(const Axis& axis);

}  // namespace lemmabench::layout
