#include "theory/radial/radial_flow.hpp"

#include <doctest/doctest.h>

#include <utility>
#include <vector>

#include "theory/mixture/mixture_flow.hpp"
#include "theory/radial/radial_integrals.hpp"
#include "theory/test/radial/scale_mixture_cases.hpp"

namespace lemmabench {
namespace {

bool agree(const Ball& a, const Ball& b, double relative) {
  const Ball difference = a - b;
  return difference.contains_zero() &&
         difference.magnitude_upper().to_double() < relative * abs(b).to_double();
}

/// The same series with the posterior made anew for every coefficient.
Jet<Ball> by_composition(const ScaleMixtureLaw& law, const Ball& abar, const Ball& r0,
                         const Ball& v0, int order) {
  using Series = Jet<Ball>;
  const BallScaleMixture<Series> mixture(law, abar, Series::variable(v0, order));
  std::vector<Ball> r{r0};
  for (int k = 0; k < order; ++k) {
    const Series path(r, k);
    const Series q = path * path;
    r.push_back((mixture.at(q).precision() * path).coefficient(k) / (2 * (k + 1)));
  }
  return Series(std::move(r), order);
}

}  // namespace

TEST_CASE("the series of the flow is that of its equation") {
  const PrecisionScope scope(160);
  const Ball a(Rational(4, 5));
  const Ball v(Rational(1, 5));
  for (const long dim : {1L, 16L, 1024L}) {
    const ScaleMixtureLaw law = test::three_scales(dim);
    const Ball r = sqrt(Ball(dim)) * Ball(Rational(7, 10));
    const Jet<Ball> found = flow_series(law, a, r.midpoint(), v, 10);
    const Jet<Ball> expected = by_composition(law, a, r.midpoint(), v, 10);
    for (int k = 0; k <= 10; ++k) {
      CAPTURE(k);
      CHECK((found.coefficient(k) - expected.coefficient(k)).contains_zero());
      CHECK(found.coefficient(k).relative_accuracy_bits() > 40);
    }
  }
}

TEST_CASE("in d = 1 it is the flow of the mixture on the line") {
  const PrecisionScope scope(128);
  const ScaleMixtureLaw law = test::two_scale(1);
  const CoordinateLaw line = test::on_the_line(law);
  const Ball a(Rational(4, 5));
  for (const Rational& r : {Rational(1, 3), Rational(1), Rational(3)}) {
    for (const Rational& to : {Rational(1, 10), Rational(1, 2)}) {
      const Ball found = flow(law, a, Ball(r), Ball(Rational(1, 5)), Ball(to));
      const Ball expected = flow(line, a, Ball(r), Ball(Rational(1, 5)), Ball(to));
      CHECK(agree(found, expected, 1e-14));
    }
  }
}

TEST_CASE("one scale: the flow multiplies x by sqrt(W_to/W_from)") {
  const PrecisionScope scope(128);
  const ScaleMixtureLaw law = test::one_scale(512);
  const Ball a(Rational(4, 5));
  const Ball from = a * Ball(Rational(3, 10)) + Ball(Rational(1, 5));
  const Ball to = a * Ball(Rational(3, 10)) + Ball(Rational(1, 50));
  const Ball image = flow(law, a, Ball(9), Ball(Rational(1, 5)), Ball(Rational(1, 50)));
  CHECK(agree(image, 9 * sqrt(to / from), 1e-14));
}

TEST_CASE("the flow is the quantile map of the radius") {
  const PrecisionScope scope(128);
  const Ball a(Rational(4, 5));
  const Ball from(Rational(1, 5));
  const Ball to(Rational(1, 20));
  for (const long dim : {2L, 64L, 1024L}) {
    const ScaleMixtureLaw law = test::two_scale(dim);
    const RayMixture<> before(law, a, from);
    const RayMixture<> after(law, a, to);
    const Ball r = (sqrt(Ball(dim)) * Ball(Rational(11, 10))).midpoint();
    const Ball image = flow(law, a, r, from, to);
    CHECK(agree(cdf(after, image), cdf(before, r), 1e-9));
    CHECK((cdf(before, r) + upper_tail(before, r) - 1).contains_zero());
    // Half the speed is another map.
    const Ball slow = flow(law, a, r, from, to, {.speed = Rational(1, 4)});
    CHECK_FALSE(slow.overlaps(image));
    // In d = 1024 nearly no mass lies between the two.
    if (dim < 1000) CHECK_FALSE(cdf(after, slow).overlaps(cdf(before, r)));
  }
}

TEST_CASE("a box of starts covers the images of its points") {
  const PrecisionScope scope(128);
  const ScaleMixtureLaw law = test::two_scale(16);
  const Ball a(Rational(4, 5));
  const Ball box = Ball::around(Ball(3), Ball(Rational(1, 100)));
  const Ball images = flow(law, a, box, Ball(Rational(1, 5)), Ball(Rational(1, 10)));
  for (const Rational& r : {Rational(299, 100), Rational(3), Rational(301, 100)}) {
    CHECK(images.overlaps(flow(law, a, Ball(r), Ball(Rational(1, 5)), Ball(Rational(1, 10)))));
  }
}

TEST_CASE("expectations of the radius are those of chi-square") {
  const PrecisionScope scope(128);
  const Level<Ball> level{Ball(Rational(4, 5)), Ball(Rational(1, 5))};
  const IntegralGoal goal{.digits = 15};
  for (const long dim : {1L, 2L, 16L, 1024L, 4096L}) {
    CAPTURE(dim);
    const ScaleMixtureLaw law = test::three_scales(dim);
    const BallScaleMixture<> mixture(law, level);
    const RadialIntegral integral(mixture);
    Ball second;  // E q = d E W, E q^2 = d (d+2) E W^2
    Ball fourth;
    for (std::size_t k = 0; k < mixture.size(); ++k) {
      second.add_product(mixture.weight(k), mixture.variance(k));
      fourth.add_product(mixture.weight(k), square(mixture.variance(k)));
    }
    const auto density = [&](const ComplexBall& q) { return mixture.at(q).scaled_density(); };
    const auto moment = [&](const ComplexBall& q) { return density(q) * q; };
    const auto square_moment = [&](const ComplexBall& q) { return density(q) * q * q; };
    CHECK(agree(integral(density, Ball(1), 0, goal), Ball(1), 1e-14));
    CHECK(agree(integral(moment, Ball(1), 1, goal), Ball(dim) * second, 1e-14));
    CHECK(agree(integral(square_moment, Ball(1), 2, goal), Ball(dim) * Ball(dim + 2) * fourth,
                1e-14));
    // By parts, whatever the posterior does: E[q g] = d.
    const auto aligned = [&](const ComplexBall& q) {
      const auto at = mixture.at(q);
      return at.scaled_density() * q * at.precision();
    };
    CHECK(agree(integral(aligned, integral.tau(), 1, goal), Ball(dim), 1e-14));
  }
}

}  // namespace lemmabench
