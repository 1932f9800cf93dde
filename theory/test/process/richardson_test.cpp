#include "numerics/richardson.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <functional>
#include <vector>

#include "numerics/error.hpp"
#include "theory/process/schedule.hpp"

namespace lemmabench {
namespace {

/// x_k = first/2^k, k < count.
std::vector<Ball> halving(const Ball& first, int count) {
  std::vector<Ball> nodes{first};
  while (static_cast<int>(nodes.size()) < count) {
    nodes.push_back(nodes.back() / 2);
  }
  return nodes;
}

std::vector<Ball> values_at(const std::vector<Ball>& nodes,
                            const std::function<Ball(const Ball&)>& law) {
  std::vector<Ball> values;
  for (const Ball& x : nodes) {
    values.push_back(law(x));
  }
  return values;
}

double distance_to(const Quantity& q, const Ball& truth) {
  return std::abs((q.interval().midpoint() - truth).to_double());
}

/// Relative variance error of ddpm-posterior on N(0, lambda) from the exact start:
///   Y_{t-1} = (Y_t + b s_t(Y_t))/sqrt(alpha) + sqrt(b (1-abar_{t-1})/(1-abar_t)) Z, s_t(y) =
///   -y/w_t.
/// The recursion is for the variance itself: the error of 1e-3 leaves 60 of 80 digits.
Ball posterior_error(const Rational& lambda, long steps) {
  const Schedule<Ball> schedule(LiCaiSchedule{}, steps);
  const auto variance = [&](int t) {
    return schedule.level(t).abar * Ball(lambda) + schedule.level(t).noise;
  };
  Ball v = variance(schedule.steps());
  for (int t = schedule.steps(); t >= 2; --t) {
    const Ball b = schedule.b(t);
    const Ball slope = 1 - b / variance(t);
    v = v * slope * slope / schedule.alpha(t) +
        b * schedule.level(t - 1).noise / schedule.level(t).noise;
  }
  return v / variance(1) - 1;
}

}  // namespace

TEST_CASE("richardson: a polynomial is extrapolated exactly, the error estimate covers it") {
  const PrecisionScope scope(256);
  const auto nodes = halving(Ball(1) / 3, 6);
  const Ball truth = Ball(22) / 7;
  const auto values =
      values_at(nodes, [&](const Ball& x) { return truth + x * (2 - x * (5 + x * 11)); });
  const RichardsonLimit out = richardson_limit(nodes, values);
  CHECK(out.limit.evidence() == Evidence::computed);
  CHECK(out.limit.interval().contains(truth));
  CHECK(distance_to(out.limit, truth) < 1e-70);
  CHECK(out.stable_digits >= 60);
  CHECK(out.nodes_used == 4);  // the fewest that a cubic needs
}

TEST_CASE("richardson: on analytic laws the estimate covers the error and is not idle") {
  const PrecisionScope scope(256);
  const auto nodes = halving(Ball(1), 9);
  const std::vector<std::function<Ball(const Ball&)>> laws{
      [](const Ball& x) { return exp(x); },
      [](const Ball& x) { return 1 / (1 + 3 * x); },
      [](const Ball& x) { return log1p(x) / x; },
      [](const Ball& x) { return cos(5 * x); },
  };
  for (const auto& law : laws) {
    const RichardsonLimit out = richardson_limit(nodes, values_at(nodes, law));
    const double truth_error = distance_to(out.limit, Ball(1));
    CHECK(truth_error <= out.limit.error());
    CHECK(out.stable_digits >= 6);  // 6 to 9
    CHECK(out.limit.error() < 1e-6);
  }
}

TEST_CASE("richardson: terms that are no powers of x stop the gain and are not overlooked") {
  const PrecisionScope scope(256);
  const auto nodes = halving(Ball(1) / 4, 10);
  for (const int denominator : {2, 3}) {
    const auto values =
        values_at(nodes, [&](const Ball& x) { return 1 + x + pow(x, Ball(1) / denominator); });
    const RichardsonLimit out = richardson_limit(nodes, values);
    CHECK(distance_to(out.limit, Ball(1)) <= out.limit.error());
    CHECK(out.stable_digits <= 2);
  }
  const auto small = values_at(nodes, [](const Ball& x) { return 1 + x + x * x * x * sqrt(x); });
  const RichardsonLimit out = richardson_limit(nodes, small);
  CHECK(distance_to(out.limit, Ball(1)) <= out.limit.error());
}

TEST_CASE("richardson: the values' own errors come out amplified, not lost") {
  const PrecisionScope scope(256);
  const auto nodes = halving(Ball(1), 8);
  const Ball noise = Ball::around(Ball(0), Ball(Rational(1, 1000000)));
  const auto values = values_at(nodes, [&](const Ball& x) { return exp(x) + noise; });
  const RichardsonLimit out = richardson_limit(nodes, values);
  CHECK(out.limit.error() > 1e-6);
  CHECK(out.limit.error() < 1e-4);
  CHECK(out.limit.interval().contains(Ball(1)));
  CHECK(out.nodes_used < 8);
}

TEST_CASE("richardson: the constant of ddpm-posterior is -c1/2 for every variance") {
  // theory.md section 3: (T/log T) x relative variance error -> -c1/2, c1 = 9.
  const PrecisionScope scope(256);
  for (const Rational& lambda : {Rational(3, 10), Rational(4), Rational(1, 100)}) {
    std::vector<MeasuredError> errors;
    for (long steps = 128; steps <= 16384; steps *= 2) {
      errors.push_back({steps, Proved{posterior_error(lambda, steps)}});
    }
    const RichardsonLimit out = limiting_constant(errors, ScalingModel::log_corrected, 1);
    CAPTURE(lambda.text());
    CAPTURE(out.limit.decimal(15).value);
    CHECK(out.stable_digits >= 8);  // observed: 12, 11, 10
    CHECK(distance_to(out.limit, Ball(Rational(-9, 2))) <= out.limit.error());
  }
}

TEST_CASE("richardson: what is no sequence towards 0 is refused") {
  const std::vector<Ball> four{Ball(1), Ball(2), Ball(3), Ball(4)};
  CHECK_THROWS_AS(richardson_limit({Ball(1), Ball(2)}, {Ball(1), Ball(2)}), InputError);
  CHECK_THROWS_AS(richardson_limit(four, {Ball(1), Ball(2)}), InputError);
  CHECK_THROWS_AS(richardson_limit({Ball(1), Ball(1), Ball(2), Ball(3)}, four), InputError);
  CHECK_THROWS_AS(richardson_limit({Ball(1), Ball(0), Ball(2), Ball(3)}, four), InputError);
}

TEST_CASE("richardson: nodes may come in any order") {
  const PrecisionScope scope(128);
  const std::vector<Ball> up{Ball(1), Ball(2), Ball(4), Ball(8)};
  const std::vector<Ball> down{Ball(8), Ball(2), Ball(1), Ball(4)};
  const auto law = [](const Ball& x) { return 3 + x; };
  CHECK(richardson_limit(up, values_at(up, law)).limit.decimal(20).value ==
        richardson_limit(down, values_at(down, law)).limit.decimal(20).value);
}

}  // namespace lemmabench
