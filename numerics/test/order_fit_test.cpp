#include "numerics/order_fit.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <functional>
#include <vector>

#include "numerics/error.hpp"
#include "test/support/accuracy.hpp"

namespace lemmabench {
namespace {

using Law = std::function<double(double)>;

/// Points at T = first, 2 first, ..., last, with the relative error given.
std::vector<ScalingPoint> sample(const Law& law, double first, double last,
                                 double relative_error = 1e-12) {
  std::vector<ScalingPoint> points;
  for (double steps = first; steps <= last; steps *= 2) {
    const double value = law(steps);
    points.push_back({steps, value, relative_error * value, Evidence::computed});
  }
  return points;
}

double h(double steps) { return std::log(steps) / steps; }

/// The plain mean of log2 ratios: what must not be used, as the yardstick for what it hides.
double naive_order(const std::vector<ScalingPoint>& points) {
  return std::log2(points.front().value / points.back().value) /
         static_cast<double>(points.size() - 1);
}

constexpr auto kLog = ScalingModel::log_corrected;
constexpr auto kPower = ScalingModel::power;

}  // namespace

TEST_CASE("exponents: a pure power is read exactly, with a sharp interval and its constant") {
  for (const double order : {0.5, 1.0, 2.0, 3.0}) {
    for (const ScalingModel model : {kLog, kPower}) {
      const ExponentFit fit = fit_exponent(
          sample([&](double t) { return 3 * std::pow(scale(model, t), order); }, 64, 16384), model);
      REQUIRE_FALSE(fit.refused());
      // Observed 1e-12 or less: the points' errors (1e-12) over the span of log h.
      CHECK(std::abs(fit.order - order) < 1e-11);
      CHECK(fit.half_width() < 1e-10);
      CHECK(fit.low <= order);
      CHECK(order <= fit.high);
      CHECK(fit.asymptotic);
      CHECK(fit.window.size() == 9);  // nothing to gain from dropping a point
      CHECK_CLOSE(fit.constant, 3, Bound::relative(1e-9),
                  "least squares of logs of size 10 over 9 points, condition 1e3");
      CHECK(fit.evidence == Evidence::computed);
      CHECK(judge_order(fit, order).verdict == OrderVerdict::consistent);
      CHECK_CLOSE(constant_at(fit, order).value, 3, Bound::relative(1e-9),
                  "least squares of logs of size 10 over 9 points, condition 1e3");
    }
  }
}

TEST_CASE("exponents: order 1 in log T/T counted in 1/T reads 0.89, and is not taken for a slope") {
  const auto points = sample(h, 64, 16384);
  const ExponentFit fit = fit_exponent(points, kPower);
  CHECK_CLOSE(fit.local_orders.back().order, 0.893, Bound::absolute(1e-3),
              "0.893 is given to three digits");
  CHECK_FALSE(fit.asymptotic);
  CHECK(judge_order(fit, 1).verdict == OrderVerdict::inconclusive);
}

TEST_CASE("exponents: a missing or surplus factor log T is never asymptotic") {
  for (const double last : {1024., 16384., 1048576., 1.1e9}) {
    for (const int power : {-2, -1, 1, 3}) {
      for (const double order : {1., 2.}) {
        const auto law = [&](double t) {
          return std::pow(h(t), order) * std::pow(std::log(t), power);
        };
        const ExponentFit fit = fit_exponent(sample(law, 64, last), kLog);
        CAPTURE(last);
        CAPTURE(power);
        CAPTURE(order);
        CAPTURE(fit.range_reason);
        CHECK((!fit.asymptotic || (fit.low <= order && order <= fit.high)));
        CHECK((!fit.asymptotic || last > 1e9));  // the drift is under 0.002 there
      }
    }
  }
  // A factor that tends to 1, however slowly, leaves the order right.
  for (const double last : {1024., 16384., 1048576., 1.1e9}) {
    const auto law = [&](double t) { return h(t) * h(t) * (1 + 1 / std::log(t)); };
    const ExponentFit fit = fit_exponent(sample(law, 64, last), kLog);
    CHECK((!fit.asymptotic || (fit.low <= 2 && 2 <= fit.high)));
  }
}

TEST_CASE("exponents: a factor log T that theory knows is divided out") {
  const auto points = sample([](double t) { return 5 * h(t) * h(t) * std::log(t); }, 64, 16384);
  CHECK_FALSE(fit_exponent(points, kLog).asymptotic);
  const ExponentFit fit = fit_exponent(points, kLog, {.known_logs = 1});
  CHECK(judge_order(fit, 2).verdict == OrderVerdict::consistent);
  CHECK(std::abs(fit.order - 2) < 1e-11);
  CHECK_CLOSE(constant_at(fit, 2).value, 5, Bound::relative(1e-9),
              "least squares of logs of size 10 over 9 points, condition 1e3");
  CHECK_FALSE(fit_exponent(points, kLog, {.known_logs = 2}).asymptotic);
}

TEST_CASE("exponents: whenever the range is called asymptotic, the interval contains the order") {
  int asymptotic = 0;
  for (const double order : {1.0, 2.0, 3.0}) {
    for (const double correction : {0.5, 1.0, 2.0}) {
      for (double size = -10; size <= 200; size += 1.5) {
        const auto law = [&](double t) {
          return std::abs(std::pow(h(t), order) * (1 + size * std::pow(h(t), correction)));
        };
        const ExponentFit fit = fit_exponent(sample(law, 64, 16384), kLog);
        if (fit.refused() || !fit.asymptotic) {
          continue;
        }
        ++asymptotic;
        CAPTURE(order);
        CAPTURE(correction);
        CAPTURE(size);
        CAPTURE(fit.range_reason);
        CHECK(fit.low <= order);
        CHECK(order <= fit.high);
      }
    }
  }
  CHECK(asymptotic > 500);  // of 1269: the check above is not empty
}

TEST_CASE("exponents: the window follows the residuals") {
  // c1 h + c2 h^2 with a large c2: small T is dropped, and the limit of the local orders is closer
  // to 1 than the slope is.
  const ExponentFit fit =
      fit_exponent(sample([](double t) { return h(t) + 20 * h(t) * h(t); }, 64, 65536), kLog);
  CHECK(fit.outside.size() >= 3);
  CHECK(fit.window.size() >= kLeastFitPoints);
  CHECK(fit.window.back().steps == 65536);
  CHECK(fit.asymptotic);
  CHECK(std::abs(fit.limit - 1) < std::abs(fit.order - 1) / 5);
  CHECK(judge_order(fit, 1).verdict == OrderVerdict::consistent);
  CHECK(judge_order(fit, 2).verdict == OrderVerdict::slower);
  CHECK(judge_order(fit, 0.5).verdict == OrderVerdict::faster);
}

TEST_CASE("exponents: a pre-asymptotic law is inconclusive where a plain mean would pass") {
  // Order 1 that looks like order 1.5 for as long as 100 h > 1.
  const Law law = [](double t) { return h(t) + 100 * h(t) * h(t); };
  const auto points = sample(law, 64, 1024);
  const ExponentFit fit = fit_exponent(points, kLog);
  CHECK_FALSE(fit.asymptotic);
  CHECK(judge_order(fit, 1).verdict == OrderVerdict::inconclusive);
  CHECK(judge_order(fit, 1.5).verdict == OrderVerdict::inconclusive);
  CHECK(std::abs(naive_order(points) - 1.5) < 0.2);  // the tolerance of the failure story
}

TEST_CASE("exponents: an order-1 defect in an order-2 sampler is caught, however small") {
  for (const double defect : {1.0, 0.1, 1e-2, 1e-3}) {
    const auto law = [&](double t) { return h(t) * h(t) + defect * h(t); };
    const OrderJudgement judgement = judge_order(fit_exponent(sample(law, 64, 65536), kLog), 2);
    CAPTURE(defect);
    CHECK(judgement.verdict != OrderVerdict::consistent);
    CHECK(judgement.verdict != OrderVerdict::faster);
  }
}

TEST_CASE("exponents: a floor that the errors declare is never fitted") {
  const Law law = [](double t) { return h(t) * h(t) + 1e-6; };
  std::vector<ScalingPoint> points = sample(law, 64, 1 << 20);
  for (ScalingPoint& point : points) {
    point.error = 1e-6;
  }
  const ExponentFit fit = fit_exponent(points, kLog);
  REQUIRE_FALSE(fit.refused());
  CHECK(fit.refused_points.size() == 9);
  for (const ScalingPoint& point : fit.window) {
    CHECK(point.value >= 1e-5);
  }
  // The last points carry 1e-6 in 1e-5: their local orders are too uncertain to have settled.
  CHECK_FALSE(fit.asymptotic);
  // Within the floor altogether: refused, with the reason.
  const ExponentFit none = fit_exponent({points.end() - 8, points.end()}, kLog);
  CHECK(none.refused());
  CHECK(none.refusal.find("0 of 8 points can be used, an order needs 4; at T = 8192 the value "
                          "2.21e-06 is under 10 times its error 1e-06") != std::string::npos);
  CHECK(judge_order(none, 2).verdict == OrderVerdict::inconclusive);
  CHECK_THROWS_AS(constant_at(none, 2), InputError);
}

TEST_CASE("exponents: a floor that nobody declares shows in the local orders") {
  for (const double floor : {1e-4, 1e-5, 1e-6, 1e-7}) {
    const auto law = [&](double t) { return h(t) * h(t) + floor; };
    const ExponentFit fit = fit_exponent(sample(law, 64, 65536), kLog);
    CAPTURE(floor);
    // Either on its way to the floor, or (floor 1e-4) on it, with the order 0 that belongs to it.
    const OrderVerdict verdict = judge_order(fit, 2).verdict;
    CHECK((verdict == OrderVerdict::inconclusive || verdict == OrderVerdict::slower));
    CHECK((!fit.asymptotic || fit.order < 0.1));
  }
}

TEST_CASE("exponents: the points' errors widen the interval and decide the evidence") {
  auto points = sample([](double t) { return h(t); }, 64, 16384, 1e-4);
  points[4].evidence = Evidence::sampled;
  const ExponentFit loose = fit_exponent(points, kLog);
  CHECK(loose.evidence == Evidence::sampled);
  const ExponentFit sharp = fit_exponent(sample(h, 64, 16384, 1e-8), kLog);
  CHECK(loose.half_width() > 1000 * sharp.half_width());
  // Bounds add up. Worst case of the slope over all signs is 1e-4 sum |x - mean|/Sxx.
  CHECK_CLOSE(loose.half_width(), 5.6817519737e-5, Bound::relative(1e-3),
              "the errors tilt the slope's own residuals by their square");
  for (const LocalOrder& local : loose.local_orders) {
    // Both of its points may be off by 1e-4.
    CHECK(local.error > 1.99e-4 / std::log(h(local.from) / h(local.to)));
  }
}

TEST_CASE("exponents: an order too uncertain to mean anything is inconclusive") {
  // 6% of alternating noise under a declared error of 8%.
  auto points = sample(h, 64, 1024);
  for (std::size_t i = 0; i < points.size(); ++i) {
    points[i].value *= i % 2 == 0 ? 1.06 : 0.94;
    points[i].error = 0.08 * points[i].value;
  }
  const ExponentFit fit = fit_exponent(points, kLog);
  CHECK_FALSE(fit.asymptotic);
  CHECK(fit.low < 1);
  CHECK(fit.high > 1);
  CHECK(judge_order(fit, 1).verdict == OrderVerdict::inconclusive);
}

TEST_CASE("exponents: an interval that contains the next half order as well is no confirmation") {
  ExponentFit fit = fit_exponent(sample(h, 64, 16384), kLog);
  fit.low = 0.74;
  fit.high = 1.26;
  CHECK(judge_order(fit, 1).verdict == OrderVerdict::inconclusive);
  CHECK(judge_order(fit, 1.5).verdict == OrderVerdict::slower);  // but it does exclude
  CHECK(judge_order(fit, 0.5).verdict == OrderVerdict::faster);
  fit.low = 0.76;
  fit.high = 1.24;
  CHECK(judge_order(fit, 1).verdict == OrderVerdict::consistent);
}

TEST_CASE("exponents: three points are refused") {
  const ExponentFit fit = fit_exponent(sample(h, 64, 256), kLog);
  CHECK(fit.refusal == "3 of 3 points can be used, an order needs 4");
  CHECK(fit_exponent({}, kLog).refused());
}

TEST_CASE("exponents: the grid may be uneven and in any order") {
  std::vector<ScalingPoint> points;
  for (const double t : {3000., 100., 9000., 700., 250., 1500., 20000.}) {
    points.push_back({t, 2 * h(t) + 3 * h(t) * h(t), 0, Evidence::proved});
  }
  const ExponentFit fit = fit_exponent(points, kLog);
  CHECK(fit.asymptotic);
  // The local orders settle at rate 1 up to terms in h^2: observed 2.1e-4.
  CHECK(std::abs(fit.limit - 1) < 1e-3);
  CHECK(fit.evidence == Evidence::computed);  // proved points do not prove an order
  CHECK(judge_order(fit, 1).verdict == OrderVerdict::consistent);
  const ConstantEstimate constant = constant_at(fit, 1);
  CHECK(std::abs(constant.value - 2) <= constant.error);
  CHECK(fit.constant_low < 2);
  CHECK(fit.constant_high > 2);
}

TEST_CASE("exponents: malformed points are errors of the caller's input") {
  CHECK_THROWS_AS(fit_exponent({{64, 1, 0, Evidence::proved}, {64, 2, 0, Evidence::proved}}, kLog),
                  InputError);
  CHECK_THROWS_AS(fit_exponent({{2, 1, 0, Evidence::proved}}, kLog), InputError);
  CHECK_THROWS_AS(fit_exponent({{64, -1, 0, Evidence::proved}}, kLog), InputError);
  CHECK_THROWS_AS(fit_exponent({{64, std::nan(""), 0, Evidence::proved}}, kLog), InputError);
  CHECK_THROWS_AS(fit_exponent({{64, 1, -1, Evidence::proved}}, kLog), InputError);
  CHECK_THROWS_AS(fit_exponent({}, kLog, {.signal_to_floor = 1}), InputError);
}

}  // namespace lemmabench
