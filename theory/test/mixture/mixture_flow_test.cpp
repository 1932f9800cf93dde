#include "theory/mixture/mixture_flow.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "numerics/error.hpp"
#include "theory/mixture/mixture_integrals.hpp"
#include "theory/process/forward.hpp"
#include "theory/test/product_case.hpp"

namespace lemmabench {
namespace {

const CoordinateLaw& three() {
  static const Case kCase = test::mixture_three();
  return kCase.target()->product()->coordinates.front();
}

TEST_CASE("on a Gaussian the flow is the closed form, and so is its series") {
  const PrecisionScope scope(128);
  const Rational lambda(1, 50);
  const CoordinateLaw gauss{{{Rational(1), Rational(2), lambda}}, 1};
  const Ball a(Rational(2, 3));
  const Ball from(Rational(1, 3));
  const Ball to(Rational(1, 1000));
  const Ball x(Rational(-3, 2));
  const Ball mean = sqrt(a) * 2;
  const Ball stretch = 1 + unnormalised_flow_increment(a, from, Ball(to - from), Ball(lambda));
  const Ball exact = mean + stretch * (x - mean);
  const Ball moved = flow(gauss, a, x, from, to);
  CHECK(moved.contains(exact.midpoint()));
  CHECK(moved.radius().to_double() < 1e-16);
  CHECK(flow(gauss, a, moved, to, from).contains(x));  // and back
  // x(v + s) - m = (x - m) sqrt(1 + s/w).
  const Ball w = a * Ball(lambda) + from;
  const Jet<Ball> series = flow_series(gauss, a, x, from, 8);
  const Jet<Ball> closed = sqrt(1 + Jet<Ball>::variable(Ball(0), 8) / w) * (x - mean) + mean;
  for (int k = 0; k <= 8; ++k) {
    CHECK((series.coefficient(k) - closed.coefficient(k)).contains_zero());
    CHECK(series.coefficient(k).relative_accuracy_bits() > 100);
  }
}

// python3: the mixture of ball_mixture_test.cpp, c(x, v) its distribution function at a = 0.9;
// findroot(lambda y: c(y, mpf(1)/50) - c(mpf(1)/3, mpf(1)/10), mpf(1)/3)
TEST_CASE("on a mixture the flow is the quantile map") {
  const PrecisionScope scope(128);
  const Ball a(Rational(9, 10));
  const Ball moved =
      flow(three(), a, Ball(Rational(1, 3)), Ball(Rational(1, 10)), Ball(Rational(1, 50)));
  const Ball quantile(Rational::parse("0.341681031798011302822541944018", "test"));
  CHECK((moved - quantile).magnitude_upper().to_double() < 1e-16);
  CHECK(moved.radius().to_double() < 1e-16);
  const FlowOptions slow{.speed = Rational(499, 1000)};
  const Ball broken =
      flow(three(), a, Ball(Rational(1, 3)), Ball(Rational(1, 10)), Ball(Rational(1, 50)), slow);
  CHECK_FALSE(broken.overlaps(moved));
}

TEST_CASE("a box of starting points is carried as a whole, and stretched as the flow stretches") {
  const PrecisionScope scope(128);
  const Ball a(Rational(9, 10));
  const Ball from(Rational(1, 2));
  const Ball to(Rational(1, 20));
  const FlowOptions options{.order = 12, .tolerance = 1e-12};
  const Ball start = Ball::around(Ball(Rational(1, 2)), Ball(Rational(1, 100)));
  const Ball box = flow(three(), a, start, from, to, options);
  const Ball low = flow(three(), a, Ball(Rational(49, 100)), from, to, options);
  const Ball high = flow(three(), a, Ball(Rational(51, 100)), from, to, options);
  CHECK(box.contains(low.midpoint()));
  CHECK(box.contains(high.midpoint()));
  CHECK(box.radius().to_double() < 3 * (high - low).to_double() / 2);
}

TEST_CASE("what cannot be done is said") {
  const PrecisionScope scope(128);
  const Ball half(Rational(1, 2));
  CHECK_THROWS_AS(flow(three(), half, Ball(0), half, Ball(0)), InputError);
  const FlowOptions short_leash{.max_steps = 2};
  CHECK_THROWS_AS(flow(three(), half, Ball(0), Ball(1), Ball(Rational(1, 1000)), short_leash),
                  NumericalFailure);
}

}  // namespace
}  // namespace lemmabench
