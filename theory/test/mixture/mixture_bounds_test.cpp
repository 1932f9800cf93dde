#include "theory/mixture/mixture_bounds.hpp"

#include <doctest/doctest.h>

#include "test/support/accuracy.hpp"
#include "theory/process/schedule.hpp"
#include "theory/test/product_case.hpp"

namespace lemmabench {
namespace {

using test::mixture_near;
using test::mixture_three;

/// Level 2 of logit:from=-9,to=4 with 1024 steps; the references below were computed there by
///   python3 -c "from mpmath import *; ..." (30 to 60 digits; marginal means sqrt(abar) m,
///   variances abar v + 1-abar; interval masses by erfc, slopes by central differences on a grid of
///   0.005).
BallMixture<> at_level_2(const Case& subject) {
  const Schedule<Ball> schedule(LogitSchedule{Rational(-9), Rational(4)}, 1024);
  return {subject.target()->product()->coordinates.front(), schedule.level(2)};
}

TEST_CASE("masses of intervals keep their digits in the tails") {
  const PrecisionScope precision(200);
  const BallMixture<> mixture = at_level_2(mixture_three());
  CHECK(to_decimal(interval_probability(mixture, Ball(Rational(1, 2)), Ball(Rational(3, 2))), 20)
            .value == "0.14310763644765671993");
  const DecimalEnclosure tail = to_decimal(interval_probability(mixture, Ball(10), Ball(11)), 20);
  CHECK(tail.value == "2.9386806310772489462e-117");
  const Ball all = interval_probability(mixture, Ball(-100), Ball(100));
  CHECK(all.contains(Ball(1)));
  CHECK_CLOSE(normal_interval_probability(Ball(2), Ball(-2), Ball(2)).to_double(),
              0.6826894921370859, Bound::relative(1e-15),
              "the ball's midpoint as a double, and the literal");
}

TEST_CASE("the variation of the density is bounded, exactly for one component") {
  const PrecisionScope precision(128);
  const double bound = density_variation(at_level_2(mixture_three())).to_double();
  CHECK(bound >= 2.27358825220997);  // mpmath: quad of |p'|
  CHECK(bound < 1.2 * 2.27358825220997);
  const BallMixture<> gauss = at_level_2(test::gauss_flat());
  // 2 p(0) = 2/sqrt(2 pi w).
  const Ball twice_top = 2 * gauss.at(Ball(0)).density();
  CHECK(density_variation(gauss).overlaps(twice_top));
}

TEST_CASE("the slope of the score stays between its bounds, which are not far off") {
  const PrecisionScope precision(128);
  const BallMixture<> mixture = at_level_2(mixture_three());
  const SlopeBounds bounds = score_slope(mixture);
  CHECK(bounds.rise.to_double() >= 41.433240317843);
  CHECK(bounds.rise.to_double() < 10 * 41.433240317843);
  CHECK(bounds.fall.to_double() >= 17.39342670807);
  CHECK(bounds.fall.to_double() < 1.1 * 17.39342670807);
  for (int k = -400; k <= 400; ++k) {
    const Ball slope = mixture.at(Ball(Rational(k, 100))).score_derivative();
    CHECK(slope.less_than(bounds.rise) == Truth::certainly);
    CHECK((-bounds.fall).less_than(slope) == Truth::certainly);
  }
}

TEST_CASE("variances are equal when their rationals are, not when their balls are") {
  const Rational third(1, 3);
  const Rational next = third + Rational::parse("1e-60", "test");
  const Level<Ball> level{Ball(Rational(1, 2)), Ball(Rational(1, 2))};
  const auto slope = [&](const Rational& other, long bits) {
    const PrecisionScope scope(bits);
    const CoordinateLaw law{
        {{Rational(1, 2), Rational(-1), third}, {Rational(1, 2), Rational(1), other}}};
    return score_slope(BallMixture<>(law, level)).lipschitz();
  };
  CHECK(slope(third, 128).finite());
  // The balls of 128 bits cannot tell the two apart, and say so; those of 400 bits can.
  CHECK_FALSE(slope(next, 128).finite());
  CHECK(slope(next, 400).finite());
}

TEST_CASE("equal variances give the sharp bound of Popoviciu") {
  const PrecisionScope precision(128);
  // p = (N(-m, v) + N(m, v))/2: s'(0) = (m/v)^2 - 1/v is the largest slope.
  const BallMixture<> mixture = at_level_2(mixture_near());
  const Ball top = mixture.at(Ball(0)).score_derivative();
  CHECK(score_slope(mixture).rise.overlaps(top));
  // One component: the slope is -1/w everywhere.
  const BallMixture<> gauss = at_level_2(test::gauss_flat());
  CHECK(score_slope(gauss).rise.contains_zero());
  CHECK(score_slope(gauss).fall.overlaps(gauss.precision(0)));
}

}  // namespace
}  // namespace lemmabench
