#include "theory/claims/trend.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>

#include "numerics/settling.hpp"

namespace lemmabench {
namespace {

/// A slope of log C against log n between two neighbours, with what the values' errors do to it.
struct Slope {
  double value = 0;
  double error = 0;
  double doublings = 1;  ///< log2 of the ratio of the two n
};

constexpr double kNothing = 1e-300;
/// A constant below this is what rounding leaves of 0: the working precision starts at 40 digits.
constexpr double kZero = 1e-25;

double log_value(const Quantity& q) { return std::log(std::max(q.value(), kNothing)); }

/// Half-width of log C from the interval of C; a constant not told from 0 has no slope.
double log_error(const Quantity& q) {
  const double value = q.value();
  const double error = q.error();
  return error < value ? -std::log1p(-error / value) : HUGE_VAL;
}

std::vector<Slope> local_slopes(const std::vector<double>& n, const std::vector<Quantity>& c) {
  std::vector<Slope> out;
  for (std::size_t k = 1; k < n.size(); ++k) {
    const double run = std::log(n[k] / n[k - 1]);
    out.push_back({(log_value(c[k]) - log_value(c[k - 1])) / run,
                   (log_error(c[k]) + log_error(c[k - 1])) / run, run / std::log(2.0)});
  }
  return out;
}

/// Positive slopes that settle (numerics/settling.hpp): the rest of the climb is at most that of a
/// geometric series with the observed ratio.
bool converges(const std::vector<Slope>& upper, double& still_to_come) {
  if (upper.size() < 2) {
    return false;
  }
  double rate = HUGE_VAL;
  for (std::size_t k = 1; k < upper.size(); ++k) {
    const double former = upper[k - 1].value;
    const double latter = upper[k].value + upper[k].error;
    if (latter <= 0) {
      continue;  // certainly flat or falling there
    }
    if (former <= 0) {
      return false;  // it begins to climb, or nothing is known of it
    }
    rate = std::min(rate, settling_rate(former, latter, upper[k].doublings * std::log(2.0)));
  }
  const double ratio = std::exp2(-rate);  // of one doubling
  still_to_come =
      std::max(upper.back().value, 0.0) * std::log(2.0) * ratio / std::max(1 - ratio, 0.01);
  return rate >= needed_rate_of_constants();
}

/// The slope over all of them, less what a relative change of the constants at its ends by `slack`
/// makes of it.
double surest_slope(const std::vector<Slope>& upper, double slack) {
  double growth = 0;
  double doublings = 0;
  for (const Slope& s : upper) {
    growth += s.value * s.doublings;
    doublings += s.doublings;
  }
  return (growth - std::log1p(slack) / std::log(2.0)) / doublings;
}

}  // namespace

Trend judge_trend(const std::string& variable, const std::vector<double>& n,
                  const std::vector<Quantity>& constants, const TrendRule& rule) {
  Trend out;
  out.variable = variable;
  out.points = n.size();
  if (n.size() < 3) {
    out.reason = fmt::format("{} values of {} are too few for a trend", n.size(), variable);
    return out;
  }
  const bool all_zero = std::all_of(constants.begin(), constants.end(), [](const Quantity& q) {
    return q.value() + q.error() <= kZero;
  });
  if (all_zero) {
    out.verdict = Verdict::holds;
    out.reason = "the constant is 0 up to rounding";
    return out;
  }
  const std::vector<Slope> slopes = local_slopes(n, constants);
  const std::size_t half = std::max<std::size_t>(2, (slopes.size() + 1) / 2);
  const std::vector<Slope> upper(slopes.end() - static_cast<std::ptrdiff_t>(half), slopes.end());
  const auto [least, largest] = std::minmax_element(
      upper.begin(), upper.end(), [](const Slope& a, const Slope& b) { return a.value < b.value; });
  double error = 0;
  for (const Slope& s : upper) {
    error = std::max(error, s.error);
  }
  out.exponent = upper.back().value;
  out.low = std::min(out.exponent, least->value) - error;
  out.high = std::max(out.exponent, largest->value) + error;

  double still_to_come = 0;
  if (out.high <= rule.tolerance) {
    out.verdict = Verdict::holds;
    out.reason = fmt::format("does not grow with {} (exponent {:.3g}, at most {:.3g})", variable,
                             out.exponent, out.high);
  } else if (upper.back().value + upper.back().error <= rule.tolerance &&
             upper.back().value <= upper.front().value) {
    out.verdict = Verdict::holds;
    out.reason =
        fmt::format("stops growing with {} (last exponent {:.3g})", variable, upper.back().value);
  } else if (converges(upper, still_to_come)) {
    out.verdict = Verdict::holds;
    out.reason = fmt::format(
        "grows with {} towards a limit, about {:.3g} times the last value (exponents "
        "{:.3g} falling to {:.3g})",
        variable, std::exp(still_to_come), upper.front().value, upper.back().value);
  } else if (least->value - error > rule.tolerance &&
             surest_slope(upper, variable == "T" ? rule.slack : 0) - error > rule.tolerance &&
             upper.back().value >= 0.9 * upper.front().value) {
    out.verdict = Verdict::violated;
    out.reason = fmt::format("grows with {} like a power: exponent {:.3g} in [{:.3g}, {:.3g}]",
                             variable, out.exponent, out.low, out.high);
  } else if (!std::isfinite(error)) {
    out.reason = fmt::format(
        "the constants are not told from 0, so that nothing is seen of their "
        "growth with {}",
        variable);
  } else {
    out.reason = fmt::format("grows with {}, exponent {:.3g} and falling too slowly to tell",
                             variable, out.exponent);
  }
  return out;
}

void leave_open_before_the_range(Trend& trend, const std::vector<const ConstantPoint*>& points) {
  if (trend.verdict != Verdict::violated) {
    return;
  }
  // The upper half of the slopes, and the point each of them starts from.
  const std::size_t slopes = points.size() - 1;
  const std::size_t half = std::max<std::size_t>(2, (slopes + 1) / 2);
  for (std::size_t k = slopes - half; k < points.size(); ++k) {
    if (!points[k]->not_yet.empty()) {
      trend.verdict = Verdict::inconclusive;
      trend.reason = fmt::format("{}, which is before any order in {} can show ({})",
                                 points[k]->not_yet, trend.variable, points[k]->place);
      return;
    }
  }
}

std::vector<Trend> constant_trends(const std::vector<ConstantPoint>& points,
                                   const TrendRule& rule) {
  std::map<long, std::map<long, const ConstantPoint*>> by_dim;
  std::map<long, std::map<long, const ConstantPoint*>> by_steps;
  for (const ConstantPoint& p : points) {
    by_dim[p.dim][p.steps] = &p;
    by_steps[p.steps][p.dim] = &p;
  }
  std::vector<Trend> out;
  const auto add = [&](const auto& groups, const std::string& variable, const char* fixed) {
    for (const auto& [at, line] : groups) {
      if (line.size() < 3) {
        continue;
      }
      std::vector<double> n;
      std::vector<Quantity> constants;
      std::vector<const ConstantPoint*> from;
      for (const auto& [where, point] : line) {
        n.push_back(static_cast<double>(where));
        constants.push_back(point->value);
        from.push_back(point);
      }
      Trend trend = judge_trend(variable, n, constants, rule);
      leave_open_before_the_range(trend, from);
      trend.fixed = fmt::format("{} = {}", fixed, at);
      out.push_back(std::move(trend));
    }
  };
  add(by_dim, "T", "d");
  add(by_steps, "d", "T");
  return out;
}

}  // namespace lemmabench
