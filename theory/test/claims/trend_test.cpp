#include "theory/claims/trend.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <functional>

using namespace lemmabench;

namespace {

Trend trend_of(const std::function<double(double)>& c, double relative_error = 1e-12) {
  std::vector<double> n;
  std::vector<Quantity> values;
  for (double k = 128; k <= 4096; k *= 2) {
    n.push_back(k);
    values.push_back(Quantity::computed(c(k), relative_error * c(k)));
  }
  return judge_trend("T", n, values, {});
}

}  // namespace

TEST_CASE("trend: constant, falling and vanishing constants are bounded") {
  CHECK(trend_of([](double) { return 2.5; }).verdict == Verdict::holds);
  CHECK(trend_of([](double n) { return 1 / n; }).verdict == Verdict::holds);
  CHECK(trend_of([](double) { return 0.0; }).verdict == Verdict::holds);
  // What rounding leaves of 0 has no trend, however it grows.
  CHECK(trend_of([](double n) { return 1e-38 * n; }).verdict == Verdict::holds);
}

TEST_CASE("trend: an approach to a limit from below is bounded") {
  const Trend trend = trend_of([](double n) { return 2 - 30 / n; });
  CHECK(trend.verdict == Verdict::holds);
}

TEST_CASE("trend: powers grow, however small") {
  for (const double power : {0.1, 0.5, 1.0, 2.0}) {
    const Trend trend = trend_of([&](double n) { return std::pow(n, power); });
    CAPTURE(power);
    CHECK(trend.verdict == Verdict::violated);
    CHECK(std::abs(trend.exponent - power) < 1e-6);
    CHECK(trend.low <= power);
    CHECK(trend.high >= power);
  }
}

TEST_CASE("trend: a slope has the errors of both its ends") {
  const Trend trend = trend_of([](double n) { return std::sqrt(n); }, 1e-3);
  // Each constant is known to 1e-3, and a doubling lies between two of them.
  CHECK(trend.high - trend.exponent >= 2e-3 / std::log(2.0));
  CHECK(trend.exponent - trend.low >= 2e-3 / std::log(2.0));
  CHECK(trend.high - trend.low < 5e-3 / std::log(2.0));
}

TEST_CASE("trend: growth within the slack of the constants refutes nothing, and holds nothing") {
  const std::vector<double> n{128, 256, 512, 1024};
  std::vector<Quantity> values;
  for (const double c :
       {1.0, 1.02, 1.16, 1.33}) {  // a flat constant seen on other levels each time
    values.push_back(Quantity::computed(c, 0));
  }
  CHECK(judge_trend("T", n, values, {}).verdict == Verdict::violated);
  CHECK(judge_trend("T", n, values, {.slack = 0.3}).verdict == Verdict::inconclusive);
  // In d the levels are the same.
  CHECK(judge_trend("d", n, values, {.slack = 0.3}).verdict == Verdict::violated);
  values.clear();
  for (const double x : n) {
    values.push_back(Quantity::computed(std::sqrt(x), 0));
  }
  CHECK(judge_trend("T", n, values, {.slack = 0.3}).verdict == Verdict::violated);
}

TEST_CASE("trend: a logarithm is neither bounded nor a power") {
  // Its slopes 1/log n shrink, but far more slowly than those of anything that converges.
  CHECK(trend_of([](double n) { return std::log(n); }).verdict == Verdict::inconclusive);
}

// Slopes -1, 3: that the first one falls says nothing of where the climb ends.
TEST_CASE("trend: a climb that follows a fall is no approach to a limit") {
  const std::vector<double> n{128, 256, 512};
  std::vector<Quantity> values;
  for (const double c : {1.0, 0.5, 4.0}) {
    values.push_back(Quantity::computed(c, 0));
  }
  CHECK(judge_trend("T", n, values, {}).verdict == Verdict::inconclusive);
  // A fall after a climb is one.
  values = {Quantity::computed(1, 0), Quantity::computed(4, 0), Quantity::computed(0.5, 0)};
  CHECK(judge_trend("T", n, values, {}).verdict == Verdict::holds);
}

// An enclosure that holds 0 was taken for an approach to a limit (F9 between modes of 1e-16).
TEST_CASE("trend: constants that are not told from 0 have no trend") {
  const std::vector<double> n{1, 4, 16};
  const std::vector<Quantity> values(3, Quantity::computed(1.36e30, 1.37e30));
  const Trend trend = judge_trend("d", n, values, {});
  CHECK(trend.verdict == Verdict::inconclusive);
  CHECK(trend.reason.starts_with("the constants are not told from 0"));
}

TEST_CASE("trend: noise of the values is not taken for a trend") {
  const Trend trend = trend_of([](double n) { return std::pow(n, 0.1); }, 0.2);
  CHECK(trend.verdict == Verdict::inconclusive);
}

TEST_CASE("trend: a power that sets in at the end is seen") {
  const Trend trend = trend_of([](double n) { return 1 + n * n / 1e6; });
  CHECK(trend.verdict != Verdict::holds);
}

TEST_CASE("trend: lines in T for each d and in d for each T") {
  std::vector<ConstantPoint> points;
  for (const long steps : {100L, 200L, 400L}) {
    for (const long dim : {1L, 4L, 16L}) {
      points.push_back(
          {steps, dim, Quantity::computed(std::sqrt(static_cast<double>(dim)), 0), ""});
    }
  }
  const std::vector<Trend> trends = constant_trends(points, {});
  REQUIRE(trends.size() == 6);
  for (const Trend& trend : trends) {
    CHECK(trend.verdict == (trend.variable == "T" ? Verdict::holds : Verdict::violated));
  }
  CHECK(trends[0].fixed == "d = 1");
  CHECK(trends[3].fixed == "T = 100");
}
