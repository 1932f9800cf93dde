#include "numerics/order_fit.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/math/distributions/students_t.hpp>
#include <cmath>
#include <limits>
#include <utility>
#include <variant>

#include "numerics/error.hpp"
#include "numerics/settling.hpp"

namespace lemmabench {
namespace {

// The tolerances of fit_exponent and judge_order; their meaning stands there.
constexpr double kWindowSlack = 1.1;
constexpr double kSharpEnough = 1e-3;
constexpr double kSettledSpread = 0.1;
constexpr double kLargestLocalError = 0.05;
constexpr double kFlatSpread = 0.002;
constexpr double kTurningSpread = 0.02;
constexpr double kResolution = 0.25;

/// A point in the plane of the fit: x = log h, y = log value, |error of y| <= error.
struct LogPoint {
  double x = 0;
  double y = 0;
  double error = 0;
  double log_steps = 0;
};

LogPoint to_log(const ScalingPoint& point, ScalingModel model, int known_logs) {
  const double relative = point.error / point.value;
  const double log_steps = std::log(point.steps);
  return {std::log(scale(model, point.steps)),
          std::log(point.value) - known_logs * std::log(log_steps), -std::log1p(-relative),
          log_steps};
}

struct Line {
  double slope = 0;
  double intercept = 0;
  double standard_error = 0;
  double student = 0;     ///< quantile of Student's t
  double propagated = 0;  ///< sum |d slope/d y_i| error_i
  double rms_residual = 0;
  double mean_x = 0;
  double mean_error = 0;

  double criterion() const { return student * standard_error + propagated; }
};

double student_quantile(std::size_t freedom, double confidence) {
  const boost::math::students_t distribution(static_cast<double>(freedom));
  return boost::math::quantile(distribution, (1 + confidence) / 2);
}

/// Least squares through points[first..]. Three points or more.
Line fit_line(const std::vector<LogPoint>& points, std::size_t first, double confidence) {
  const std::size_t count = points.size() - first;
  const auto n = static_cast<double>(count);
  Line line;
  double mean_y = 0;
  for (std::size_t i = first; i < points.size(); ++i) {
    line.mean_x += points[i].x / n;
    mean_y += points[i].y / n;
    line.mean_error += points[i].error / n;
  }
  double sxx = 0;
  double sxy = 0;
  for (std::size_t i = first; i < points.size(); ++i) {
    const double dx = points[i].x - line.mean_x;
    sxx += dx * dx;
    sxy += dx * (points[i].y - mean_y);
  }
  line.slope = sxy / sxx;
  line.intercept = mean_y - line.slope * line.mean_x;
  double squares = 0;
  for (std::size_t i = first; i < points.size(); ++i) {
    const double dx = points[i].x - line.mean_x;
    const double residual = points[i].y - mean_y - line.slope * dx;
    squares += residual * residual;
    line.propagated += std::abs(dx) / sxx * points[i].error;
  }
  line.rms_residual = std::sqrt(squares / n);
  line.standard_error = std::sqrt(squares / (n - 2) / sxx);
  line.student = student_quantile(count - 2, confidence);
  return line;
}

/// The first index of the window (see fit_exponent).
std::size_t choose_window(const std::vector<LogPoint>& points, double confidence) {
  std::vector<double> criteria;
  for (std::size_t first = 0; first + kLeastFitPoints <= points.size(); ++first) {
    criteria.push_back(fit_line(points, first, confidence).criterion());
  }
  const double best = *std::min_element(criteria.begin(), criteria.end());
  const double enough = std::max(kWindowSlack * best, kSharpEnough);
  const auto chosen =
      std::find_if(criteria.begin(), criteria.end(), [&](double c) { return c <= enough; });
  return static_cast<std::size_t>(chosen - criteria.begin());
}

/// The verdict on the asymptotic range, and where the local orders tend to.
struct Settling {
  bool settled = false;
  double limit = 0;
  double spread = 0;
  double slack = 0;  ///< how far beyond `limit` a drift too slow to see could still lead
  std::string reason;
};

/// How three local orders approach their limit: increments like h^rate, and what is left of the way
/// after the last of them.
struct Approach {
  double rate = 0;
  double remaining = 0;
};

/// Orders s_i sit at the middle of their interval of x = log h. If s(x) = limit + A e^{kx}, the
/// slopes of s between neighbours are A k e^{kx}: two of them give k, and the rest of the way down
/// to x = -infinity is slope/k.
Approach approach(const std::vector<LogPoint>& points, const double (&s)[3]) {
  const std::size_t n = points.size();
  double middle[3];
  for (std::size_t i = 0; i < 3; ++i) {
    middle[i] = (points[n - 4 + i].x + points[n - 3 + i].x) / 2;
  }
  const double slope1 = (s[1] - s[0]) / (middle[1] - middle[0]);
  const double slope2 = (s[2] - s[1]) / (middle[2] - middle[1]);
  const double between = (middle[0] - middle[2]) / 2;
  Approach out;
  out.rate = settling_rate(slope1, slope2, between);
  const double last_slope = slope2 * std::exp(out.rate * (middle[2] - middle[1]) / 2);
  out.remaining = -last_slope / out.rate;
  return out;
}

/// What approach() says of a bare factor log T at the same T: the drift that never ends.
Approach logarithmic_approach(const std::vector<LogPoint>& points) {
  const std::size_t n = points.size();
  double s[3];
  for (std::size_t i = 0; i < 3; ++i) {
    const LogPoint& a = points[n - 4 + i];
    const LogPoint& b = points[n - 3 + i];
    s[i] = std::log(a.log_steps / b.log_steps) / (a.x - b.x);
  }
  return approach(points, s);
}

Settling judge_settling(const std::vector<LogPoint>& points, const std::vector<LocalOrder>& local) {
  const std::size_t n = local.size();
  const double s[3] = {local[n - 3].order, local[n - 2].order, local[n - 1].order};
  const double u = std::max({local[n - 3].error, local[n - 2].error, local[n - 1].error});
  Settling out;
  out.limit = s[2];
  out.spread = std::max({s[0], s[1], s[2]}) - std::min({s[0], s[1], s[2]});
  const std::string orders = fmt::format("{:.4f}, {:.4f}, {:.4f}", s[0], s[1], s[2]);
  if (u > kLargestLocalError) {
    out.reason = fmt::format(
        "the errors of the points leave the last local orders {} uncertain by "
        "{:.2g} (at most {} is needed)",
        orders, u, kLargestLocalError);
    return out;
  }
  if (out.spread > kSettledSpread + 2 * u) {
    out.reason = fmt::format("the last local orders {} spread over {:.3f} (at most {} is needed)",
                             orders, out.spread, kSettledSpread);
    return out;
  }
  const double log_rate = logarithmic_approach(points).rate;
  const double last_slope = (s[2] - s[1]) / (points[points.size() - 3].x - points.back().x) * 2;
  out.slack =
      out.spread <= 2 * u ? out.spread : std::max(out.spread, std::abs(last_slope) / log_rate);
  if (out.spread <= kFlatSpread + 2 * u) {
    out.settled = true;
    out.reason = fmt::format("the last local orders {} agree within {:.2g}", orders,
                             std::max(out.spread, 1e-12));
    return out;
  }
  const bool monotone = (s[1] - s[0]) * (s[2] - s[1]) > 0;
  if (!monotone) {
    out.settled = out.spread <= kTurningSpread + 2 * u;
    out.reason =
        fmt::format("the last local orders {} turn within {:.3f} ({} {} is needed)", orders,
                    out.spread, out.settled ? "at most" : "where at most", kTurningSpread);
    return out;
  }
  const Approach way = approach(points, s);
  const double needed = needed_rate_of_orders(log_rate);
  if (way.rate < needed) {
    out.reason = fmt::format(
        "the last local orders {} drift on: their changes shrink like h^{:.2f}; "
        "at least h^{:.2f} is needed, a bare factor log T makes h^{:.2f}",
        orders, way.rate, needed, log_rate);
    return out;
  }
  out.settled = true;
  out.slack = 0;
  out.limit = s[2] + way.remaining;
  out.reason = fmt::format("the last local orders {} settle like h^{:.2f} towards {:.4f}", orders,
                           way.rate, out.limit);
  return out;
}

void check(const std::vector<ScalingPoint>& points, const FitOptions& options) {
  for (std::size_t i = 0; i < points.size(); ++i) {
    const ScalingPoint& point = points[i];
    if (!(point.steps >= 3) || !std::isfinite(point.steps)) {
      throw InputError(fmt::format("fit: T = {} is below 3", point.steps));
    }
    if (i > 0 && point.steps == points[i - 1].steps) {
      throw InputError(fmt::format("fit: T = {} stands twice; give one value a T", point.steps));
    }
    if (!std::isfinite(point.value) || point.value < 0 || !std::isfinite(point.error) ||
        point.error < 0) {
      throw InputError(
          fmt::format("fit: the point at T = {} is {} +- {}; both must be finite and "
                      "not negative",
                      point.steps, point.value, point.error));
    }
  }
  if (!(options.signal_to_floor > 1) || !(options.confidence > 0 && options.confidence < 1)) {
    throw InputError(
        fmt::format("fit: needs signal_to_floor above 1 and a confidence in (0, 1), "
                    "not {} and {}",
                    options.signal_to_floor, options.confidence));
  }
}

/// Why a point cannot be used; empty if it can.
std::string refuse(const ScalingPoint& point, const FitOptions& options) {
  if (!point.refusal.empty()) {
    return point.refusal;
  }
  if (point.value == 0) {
    return "the value is 0";
  }
  if (point.value < options.signal_to_floor * point.error) {
    return fmt::format("the value {:.3g} is under {:g} times its error {:.2g}", point.value,
                       options.signal_to_floor, point.error);
  }
  return "";
}

std::vector<LocalOrder> local_orders(const std::vector<ScalingPoint>& points,
                                     const std::vector<LogPoint>& logs) {
  std::vector<LocalOrder> out;
  for (std::size_t i = 1; i < points.size(); ++i) {
    const double dx = logs[i - 1].x - logs[i].x;
    out.push_back({points[i - 1].steps, points[i].steps, (logs[i - 1].y - logs[i].y) / dx,
                   (logs[i - 1].error + logs[i].error) / dx});
  }
  return out;
}

void fill_interval(ExponentFit& fit, const std::vector<LogPoint>& logs, const FitOptions& options) {
  const Line line = fit_line(logs, 0, options.confidence);
  const Line shorter = fit_line(logs, 1, options.confidence);
  const Settling settling = judge_settling(logs, fit.local_orders);
  fit.order = line.slope;
  fit.standard_error = line.standard_error;
  fit.rms_residual = line.rms_residual;
  fit.asymptotic = settling.settled;
  fit.range_reason = settling.reason;
  fit.limit = settling.limit;
  const double sensitivity =
      std::max(std::abs(line.slope - shorter.slope), std::abs(line.slope - settling.limit));
  const double half = line.criterion() + sensitivity + settling.slack;
  fit.low = line.slope - half;
  fit.high = line.slope + half;
  const double half_intercept =
      std::abs(line.mean_x) * half + line.mean_error + line.student * line.rms_residual;
  fit.constant = std::exp(line.intercept);
  fit.constant_low = std::exp(line.intercept - half_intercept);
  fit.constant_high = std::exp(line.intercept + half_intercept);
}

}  // namespace

ScalingPoint scaling_point(long steps, const Quantity& value) {
  if (!value.finite()) {
    return {static_cast<double>(steps), 0, 0, value.evidence(),
            fmt::format("it is {}", name(value.extent())) +
                (value.reason().empty() ? "" : ": " + value.reason())};
  }
  return {static_cast<double>(steps), std::abs(value.value()), value.error(), value.evidence(), ""};
}

std::string_view name(ScalingModel model) {
  return model == ScalingModel::power ? "1/T" : "log T/T";
}

double scale(ScalingModel model, double steps) {
  return (model == ScalingModel::power ? 1 : std::log(steps)) / steps;
}

ExponentFit fit_exponent(std::vector<ScalingPoint> points, ScalingModel model,
                         const FitOptions& options) {
  std::sort(points.begin(), points.end(),
            [](const ScalingPoint& a, const ScalingPoint& b) { return a.steps < b.steps; });
  check(points, options);
  ExponentFit fit;
  fit.model = model;
  fit.known_logs = options.known_logs;
  std::vector<ScalingPoint> usable;
  for (const ScalingPoint& point : points) {
    const std::string reason = refuse(point, options);
    if (reason.empty()) {
      usable.push_back(point);
    } else {
      fit.refused_points.push_back({point.steps, reason});
    }
  }
  if (usable.size() < kLeastFitPoints) {
    fit.refusal = fmt::format("{} of {} points can be used, an order needs {}", usable.size(),
                              points.size(), kLeastFitPoints);
    if (!fit.refused_points.empty()) {
      const RefusedPoint& first = fit.refused_points.front();
      fit.refusal += fmt::format("; at T = {:g} {}", first.steps, first.reason);
    }
    return fit;
  }
  std::vector<LogPoint> logs;
  logs.reserve(usable.size());
  for (const ScalingPoint& point : usable) {
    logs.push_back(to_log(point, model, options.known_logs));
  }
  const auto first = static_cast<std::ptrdiff_t>(choose_window(logs, options.confidence));
  fit.outside.assign(usable.begin(), usable.begin() + first);
  fit.window.assign(usable.begin() + first, usable.end());
  logs.erase(logs.begin(), logs.begin() + first);
  fit.evidence = Evidence::computed;
  for (const ScalingPoint& point : fit.window) {
    fit.evidence = weaker(fit.evidence, point.evidence);
  }
  fit.local_orders = local_orders(fit.window, logs);
  fill_interval(fit, logs, options);
  return fit;
}

std::string_view name(OrderVerdict verdict) {
  switch (verdict) {
    case OrderVerdict::consistent:
      return "consistent";
    case OrderVerdict::faster:
      return "faster";
    case OrderVerdict::slower:
      return "slower";
    case OrderVerdict::inconclusive:
      return "inconclusive";
  }
  return "";
}

OrderJudgement judge_order(const ExponentFit& fit, double expected) {
  OrderJudgement out;
  out.evidence = fit.evidence;
  if (fit.refused()) {
    out.reason = fit.refusal;
    return out;
  }
  if (!fit.asymptotic) {
    out.reason = "not in the asymptotic range: " + fit.range_reason;
    return out;
  }
  const std::string interval = fmt::format("[{:.3f}, {:.3f}]", fit.low, fit.high);
  if (expected < fit.low) {
    out.verdict = OrderVerdict::faster;
    out.reason = fmt::format("the interval {} lies above {:g}", interval, expected);
  } else if (expected > fit.high) {
    out.verdict = OrderVerdict::slower;
    out.reason = fmt::format("the interval {} lies below {:g}", interval, expected);
  } else if (fit.half_width() > kResolution) {
    out.reason = fmt::format("the interval {} is too wide to tell {:g} from {:g}", interval,
                             expected, expected + 2 * kResolution);
  } else {
    out.verdict = OrderVerdict::consistent;
    out.reason = fmt::format("the interval {} contains {:g}", interval, expected);
  }
  return out;
}

ConstantEstimate constant_at(const ExponentFit& fit, double order) {
  if (fit.refused()) {
    throw InputError("fit: no constant without a fit: " + fit.refusal);
  }
  const auto constant = [&](const ScalingPoint& point) {
    return point.value * std::pow(scale(fit.model, point.steps), -order) *
           std::pow(std::log(point.steps), -fit.known_logs);
  };
  const ScalingPoint& last = fit.window.back();
  const double former = constant(fit.window[fit.window.size() - 2]);
  ConstantEstimate out;
  out.value = constant(last);
  out.error = std::abs(out.value - former) + out.value * last.error / last.value;
  return out;
}

}  // namespace lemmabench
