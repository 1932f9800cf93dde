#include "theory/radial/typical_ball.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "test/support/accuracy.hpp"
#include "theory/gaussian/typical_ellipsoid.hpp"
#include "theory/mixture/typical_mixture.hpp"
#include "theory/test/radial/scale_mixture_cases.hpp"

namespace lemmabench {
namespace {

Level<Ball> level(const Rational& noise) { return {Ball(Rational(1) - noise), Ball(noise)}; }

Ball typical_bound(long dim) { return Ball(2 * dim) * log(Ball(256)); }

/// Equal to `digits`.
bool agree(const Ball& a, const Ball& b, double digits = 1e-9) {
  const Ball difference = a - b;
  return difference.contains_zero() &&
         difference.magnitude_upper().to_double() < digits * (1e-30 + abs(b).to_double());
}

}  // namespace

TEST_CASE("in d = 1 the typical ball is the typical interval of the mixture on the line") {
  const PrecisionScope scope(128);
  for (const Rational& noise : {Rational(1, 1000), Rational(1, 5), Rational(4, 5)}) {
    const ScaleMixtureLaw law = test::two_scale(1);
    const CoordinateLaw line = test::on_the_line(law);
    const TypicalBall ball(law, level(noise), typical_bound(1));
    const TypicalMixture interval(line, level(noise), typical_bound(1));
    const Ball inside = (ball.radius() * Ball(Rational(999, 1000))).midpoint();
    const Ball outside = (ball.radius() * Ball(Rational(1001, 1000))).midpoint();
    CHECK(interval.contains(inside) == Truth::certainly);
    CHECK(interval.contains(outside) == Truth::certainly_not);
    CHECK(ball.contains(inside) == Truth::certainly);
    CHECK(ball.contains(outside) == Truth::certainly_not);
    CHECK(agree(ball.mass_outside(), interval.mass_outside(), 0.05));
    for (const Rational& x : {Rational(1, 9), Rational(2, 3), Rational(2)}) {
      const Ball at{x};
      CHECK(agree(ball.score(at), interval.score(at)));
      CHECK(agree(ball.noise_trace(at), interval.noise_trace(at)));
      CHECK(agree(ball.score_curvature(at), abs(interval.score_curvature(at))));
      for (const int k : {2, 4}) {
        CHECK(agree(ball.displacement_moment(at, k), interval.displacement_moment(at, k)));
      }
      for (const int k : {1, 3}) {
        CHECK(ball.displacement_moment(at, k).overlaps(interval.displacement_moment(at, k)));
      }
      CHECK(ball.displacement_tail(at, Ball(3))
                .contains(interval.displacement_tail(at, Ball(3)).midpoint()));
      const auto found = ball.flow_derivatives(at);
      const auto expected = interval.flow_derivatives(at);
      for (std::size_t k = 0; k < 3; ++k) {
        CHECK(agree(found[k], abs(expected[k])));
      }
    }
  }
}

TEST_CASE("one scale is the typical ellipsoid of the Gaussian, in every d") {
  const PrecisionScope scope(128);
  for (const long dim : {1L, 64L, 4096L}) {
    const ScaleMixtureLaw law = test::one_scale(dim);
    const ProductLaw product{{{{{Rational(1), Rational(0), Rational(3, 10)}}, dim}}};
    const TypicalBall ball(law, level(Rational(1, 5)), typical_bound(dim));
    const TypicalEllipsoid ellipsoid(product, level(Rational(1, 5)), typical_bound(dim));
    const Ball w = Ball(Rational(4, 5)) * Ball(Rational(3, 10)) + Ball(Rational(1, 5));
    CHECK(agree(square(ball.radius()) / w, ellipsoid.radius_squared()));
    CHECK(agree(square(ball.score(ball.radius())), ellipsoid.score_squared()));
    CHECK(agree(ball.noise_trace(Ball(1)), ellipsoid.noise_trace()));
    CHECK(ball.mass_outside().overlaps(ellipsoid.mass_outside()));
    CHECK(agree(ball.displacement_moment(ball.radius(), 2), ellipsoid.displacement_moments()[1]));
    CHECK(agree(ball.displacement_moment(ball.radius(), 4), ellipsoid.displacement_moments()[3]));
    const auto along = ball.flow_derivatives(ball.radius());
    for (std::size_t k = 0; k < 3; ++k) {
      CHECK(agree(along[k], ellipsoid.flow_derivatives()[k], 1e-6));
    }
    CHECK(ball.score_curvature(ball.radius()).contains_zero());
  }
}

// The tensor D^3 log p [h, h, h] = 12 L'' (x.h) |h|^2 + 8 L''' (x.h)^3 over unit h, searched on a
// grid of angles in double, with L'' = kappa_2/4 and L''' = -kappa_3/8.
TEST_CASE("the norm of the third derivative is the largest over all directions") {
  const PrecisionScope scope(128);
  const ScaleMixtureLaw law = test::two_scale(3);
  int inside = 0;
  for (const Rational& noise : {Rational(1, 5), Rational(1, 50), Rational(1, 1000)}) {
    const TypicalBall ball(law, level(noise), typical_bound(3));
    for (int i = 1; i < 40; ++i) {
      const double r = 0.05 * i;
      const Ball q = square(Ball::exactly(r));
      const auto at = ball.mixture().in_space().at(q);
      const double linear = 3 * at.precision_variance().to_double() * r;
      const double cubic = -at.precision_third().to_double() * r * r * r;
      double largest = 0;
      for (int j = 0; j <= 20000; ++j) {
        const double c = j / 20000.0;
        largest = std::max(largest, std::abs(linear * c + cubic * c * c * c));
      }
      const double found = ball.score_curvature(Ball::exactly(r)).to_double();
      CHECK_CLOSE(found, largest, Bound::relative(1e-7), "20000 angles: (1/20000)^2 of a parabola");
      inside += largest > 1.0001 * std::abs(linear + cubic) ? 1 : 0;
    }
  }
  CHECK(inside > 0);  // some have their largest value at an angle
}

TEST_CASE("boxes contain the values at their points, in d = 1024") {
  const PrecisionScope scope(128);
  const ScaleMixtureLaw law = test::two_scale(1024);
  const TypicalBall ball(law, level(Rational(1, 5)), typical_bound(1024));
  for (const int middle : {5, 20, 30, 55}) {
    const Ball box = Ball::around(Ball(middle), Ball(Rational(1, 4)));
    const Ball point = Ball(middle) + Ball(Rational(1, 7));
    CHECK(ball.score(box).contains(ball.score(point).midpoint()));
    CHECK(ball.noise_trace(box).contains(ball.noise_trace(point).midpoint()));
    CHECK(ball.score_curvature(box).contains(ball.score_curvature(point).midpoint()));
    CHECK(ball.log_density(box).contains(ball.log_density(point).midpoint()));
    CHECK(ball.displacement_moment(box, 4).contains(ball.displacement_moment(point, 4).midpoint()));
  }
}

}  // namespace lemmabench
