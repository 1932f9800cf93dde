#include "theory/mixture/flow_step.hpp"

#include <doctest/doctest.h>

#include "numerics/adaptive_precision.hpp"
#include "theory/mixture/mixture_flow.hpp"
#include "theory/test/product_case.hpp"

namespace lemmabench {
namespace {

const CoordinateLaw& three_modes() {
  static const Case kCase = test::mixture_three();
  return kCase.target()->product()->coordinates.front();
}

/// One step at level t = 95 of T = 128, where the three modes merge.
struct Step {
  Schedule<Ball> schedule{LiCaiSchedule{}, 128};
  Ball abar = schedule.level(95).abar;
  Ball from = schedule.level(95).noise;
  Ball to = schedule.level(95).noise - 2 * schedule.b(95);
};

TEST_CASE("the flow over one step is the quantile map (mpmath, 40 digits)") {
  const PrecisionScope scope(200);
  const Step step;
  const FlowStep flow(three_modes(), step.abar, step.from, step.to);
  // Levels by the recursion abar_{t-1} = abar_t + L abar_t (1-abar_t), L = 9 log(128)/128, from
  // abar_T = 1/128^2; then findroot(lambda y: cdf(to, y) - cdf(from, x), x).
  const Ball half = flow(Ball(Rational(1, 2)));
  CHECK(to_decimal(half, 30).value == "0.490439351234572920661328324705");
  const Ball quarter = flow(Ball(Rational(-1, 4)));
  CHECK(to_decimal(quarter, 30).value == "-0.299540851879252635158271146399");
  CHECK(accurate_to(half, 45));
}

TEST_CASE("Newton's enclosure and the integrated ODE contain the same point") {
  const Step step;
  const FlowStep newton(three_modes(), step.abar, step.from, step.to);
  for (const int x : {-4, -1, 0, 2, 6}) {
    const Ball exact = newton(Ball(x));
    const Ball integrated = flow(three_modes(), step.abar, Ball(x), step.from, step.to);
    CAPTURE(x);
    CHECK(exact.overlaps(integrated));
    CHECK(exact.radius().to_double() < 1e-25);
  }
}

TEST_CASE("the series in x predicts the map nearby, on a box for all of it") {
  const PrecisionScope scope(200);
  const Step step;
  const FlowStep flow(three_modes(), step.abar, step.from, step.to);
  const Ball centre(Rational(3, 8));
  const Ball offset(Rational(1, 64));
  const Ball box = Ball::around(centre, offset);
  const Jet<Ball> series = flow.series(centre, flow(centre), 9);
  const Jet<Ball> on_box = flow.series(box, flow(box), 10);
  for (const Ball& s : {offset, -offset, offset / 3}) {
    const Ball predicted = taylor_enclosure(series, on_box, s);
    CHECK(predicted.overlaps(flow(centre + s)));
    CHECK(predicted.radius().to_double() < 1e-12);
  }
  for (int k = 0; k <= 9; ++k) {
    CHECK(on_box.coefficient(k).overlaps(series.coefficient(k)));
  }
}

TEST_CASE("on a Gaussian the flow stretches by sqrt(W_to/W_from), far out too") {
  const CoordinateLaw normal{{{Rational(1), Rational(2), Rational(1, 4)}}, 1};
  const Ball abar(Rational(1, 4));
  const FlowStep flow(normal, abar, Ball(Rational(3, 4)), Ball(Rational(1, 4)));
  const Ball stretch = sqrt(Ball(Rational(5, 16)) / Ball(Rational(13, 16)));
  for (const int u : {-30, -2, 1, 30}) {
    const Ball exact = 1 + stretch * u;  // sqrt(abar) m = 1
    CAPTURE(u);
    CHECK(flow(Ball(1 + u)).overlaps(exact));
  }
  const Jet<Ball> series = flow.series(Ball(3), flow(Ball(3)), 4);
  CHECK(series.coefficient(1).overlaps(stretch));
  CHECK(series.coefficient(2).contains_zero());
  CHECK(series.coefficient(4).contains_zero());
}

}  // namespace
}  // namespace lemmabench
