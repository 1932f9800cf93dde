#include "reports/text/typesetting.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>

namespace lemmabench {

namespace {

int decimal_exponent(double x) { return static_cast<int>(std::floor(std::log10(std::abs(x)))); }

std::string superscript(int number) {
  static constexpr std::array<const char*, 10> digits = {"⁰", "¹", "²", "³", "⁴",
                                                         "⁵", "⁶", "⁷", "⁸", "⁹"};
  std::string out = number < 0 ? "⁻" : "";
  for (const char c : std::to_string(std::abs(number))) {
    out += digits.at(static_cast<std::size_t>(c - '0'));
  }
  return out;
}

/// `value` to the decimal place `place` (10^place), scaled by 10^-exponent, so that value and error
/// can share one power of ten.
std::string to_place(double value, int place, int exponent) {
  return fmt::format("{:.{}f}", value * std::pow(10.0, -exponent), std::max(exponent - place, 0));
}

}  // namespace

std::string rounded(double value, double error, int most) {
  if (!std::isfinite(value)) return "–";
  error = std::abs(error);
  if (value == 0 && error == 0) return "0";
  // A value below its own error has no leading digit of its own.
  const int lead = std::abs(value) >= error ? decimal_exponent(value) : decimal_exponent(error);
  int place = lead - most + 1;
  const bool show_error = error > 0.5 * std::pow(10.0, place);
  if (show_error) {
    place = std::max(place, decimal_exponent(error) - (std::abs(value) >= error ? 1 : 0));
  }
  const int exponent = lead < -3 || lead > 5 ? lead : 0;
  std::string out = to_place(value, place, exponent);
  const std::string power = exponent == 0 ? "" : fmt::format("e{:+03d}", exponent);
  if (!show_error) return out + power;
  const std::string half_width = to_place(error, place, exponent);
  return fmt::format("{}{} ± {}{}", out, power, half_width, power);
}

std::string rounded(const Quantity& quantity, int most) {
  switch (quantity.extent()) {
    case Extent::finite:
      break;
    case Extent::infinite:
      return "∞";
    case Extent::unknown:
      return "not known";
    case Extent::bounded_above:
      return "≤ " + rounded(quantity.bound(), most);
    case Extent::bounded_below:
      return "≥ " + rounded(quantity.bound(), most);
  }
  return rounded(quantity.value(), quantity.error(), most);
}

std::string power_of_ten(int exponent) {
  if (exponent == 0) return "1";
  if (exponent == 1) return "10";
  return "10" + superscript(exponent);
}

std::string typeset(std::string_view number) {
  std::string out;
  for (std::size_t i = 0; i < number.size(); ++i) {
    if (number[i] == '-') {
      out += "−";
    } else if (number[i] == 'e' && i + 1 < number.size()) {
      std::size_t end = i + 1;
      while (end < number.size() && (std::isdigit(static_cast<unsigned char>(number[end])) != 0 ||
                                     number[end] == '-' || number[end] == '+')) {
        ++end;
      }
      const std::string exponent(number.substr(i + 1, end - i - 1));
      out += " × 10" + superscript(static_cast<int>(std::strtol(exponent.c_str(), nullptr, 10)));
      i = end - 1;
    } else {
      out += number[i];
    }
  }
  return out;
}

std::string escape_xml(std::string_view text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\'':
        out += "&#39;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

}  // namespace lemmabench
