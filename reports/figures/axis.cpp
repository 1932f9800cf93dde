#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "reports/figures/figure.hpp"
#include "reports/text/typesetting.hpp"

namespace lemmabench {

namespace {

constexpr int kMostTicks = 7;

/// 1, 2 and 5 times powers of ten, for axes shorter than two decades.
std::vector<Axis::Tick> fine_ticks(double low, double high) {
  std::vector<Axis::Tick> ticks;
  for (int k = static_cast<int>(std::floor(std::log10(low))); std::pow(10.0, k) <= high; ++k) {
    for (const int digit : {1, 2, 5}) {
      const double at = digit * std::pow(10.0, k);
      if (at >= low && at <= high) {
        const bool plain = k >= -3 && k <= 3;
        ticks.push_back({at, plain        ? fmt::format("{:.6g}", at)
                             : digit == 1 ? power_of_ten(k)
                                          : fmt::format("{}·{}", digit, power_of_ten(k))});
      }
    }
  }
  return ticks;
}

void fit_log(Axis& axis, double least, double most) {
  const double span = std::max(std::log10(most / least), 0.2);
  axis.low = std::pow(10.0, std::log10(least) - 0.04 * span);
  axis.high = std::pow(10.0, std::log10(most) + 0.06 * span);
  if (span < 1.7) {
    axis.ticks = fine_ticks(axis.low, axis.high);
    return;
  }
  const int first = static_cast<int>(std::ceil(std::log10(axis.low)));
  const int last = static_cast<int>(std::floor(std::log10(axis.high)));
  const int stride = (last - first) / kMostTicks + 1;
  for (int k = last; k >= first; --k) {
    if (k % stride == 0) {
      axis.ticks.push_back({std::pow(10.0, k), power_of_ten(k)});
    }
  }
}

void fit_linear(Axis& axis, double least, double most) {
  if (!(most > least)) {
    least -= 1;
    most += 1;
  }
  const double raw = (most - least) / (kMostTicks - 1);
  const double unit = std::pow(10.0, std::floor(std::log10(raw)));
  const double ratio = raw / unit;
  const double step = unit * (ratio <= 1 ? 1 : ratio <= 2 ? 2 : ratio <= 5 ? 5 : 10);
  const double room = 0.04 * (most - least);
  axis.low = least == 0 ? 0 : least - room;
  axis.high = most + room;
  for (double k = std::ceil(axis.low / step); k * step <= axis.high; ++k) {
    const double at = k * step;
    axis.ticks.push_back({at, std::abs(at) < 1e-3 * step ? "0"
                              : std::abs(step) >= 1e-4 && std::abs(at) < 1e5
                                  ? fmt::format("{:.6g}", at)
                                  : fmt::format("{:.1e}", at)});
  }
}

}  // namespace

Axis axis_for(std::string label, std::string column, bool log, const std::vector<double>& values) {
  std::vector<double> usable;
  std::copy_if(values.begin(), values.end(), std::back_inserter(usable),
               [log](double v) { return std::isfinite(v) && (!log || v > 0); });
  if (usable.empty()) {
    throw std::logic_error("axis '" + label + "' has nothing to show");
  }
  Axis axis;
  axis.label = std::move(label);
  axis.column = std::move(column);
  axis.log = log;
  const auto [least, most] = std::minmax_element(usable.begin(), usable.end());
  if (log) {
    fit_log(axis, *least, *most);
  } else {
    fit_linear(axis, *least, *most);
  }
  return axis;
}

std::vector<Axis::Tick> ticks_at(const std::vector<double>& values, int stride) {
  std::vector<Axis::Tick> ticks;
  for (std::size_t i = 0; i < values.size(); i += static_cast<std::size_t>(std::max(stride, 1))) {
    ticks.push_back({values[i], fmt::format("{:.6g}", values[i])});
  }
  return ticks;
}

}  // namespace lemmabench
