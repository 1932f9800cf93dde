#include "theory/mixture/mixture_integrals.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "theory/test/product_case.hpp"

namespace lemmabench {
namespace {

bool is(const Ball& x, const char* decimal, double accuracy) {
  const Ball value(Rational::parse(decimal, "test"));
  return (x - value).magnitude_upper().to_double() <= accuracy * std::abs(value.to_double());
}

BallMixture<> three() {
  const Case three = test::mixture_three();
  return BallMixture<>(three.target()->product()->coordinates.front(), Ball(Rational(9, 10)),
                       Ball(Rational(1, 10)));
}

// python3: the mixture of ball_mixture_test.cpp;
// sum(w*ncdf(x, sqrt(a)*m, sqrt(a*q+v)) ...) at 1/3 and -5
TEST_CASE("the distribution function, in its own tails") {
  const PrecisionScope scope(128);
  const BallMixture<> mixture = three();
  CHECK(is(cdf(mixture, Ball(Rational(1, 3))), "0.638847228241199482174043468957", 1e-28));
  CHECK(is(cdf(mixture, Ball(-5)), "1.045423044716758463735398e-17", 1e-24));
  const Ball both = cdf(mixture, Ball(2)) + upper_tail(mixture, Ball(2));
  CHECK((both - 1).contains_zero());
}

// python3: quad(lambda y: diff(p, y)**2/p(y), c), quad(lambda y: -p(y)*log(p(y)), c) with
// c = [-6, -3, -2, -1.4, -1, -.5, 0, .4, .8, 1.2, 1.7, 2.2, 3, 5]
TEST_CASE("integrals over the line, against mpmath") {
  const PrecisionScope scope(128);
  const BallMixture<> mixture = three();
  const MixtureIntegral integral(mixture);
  const IntegralGoal goal{.digits = 18};
  const Ball tau = integral.tau();
  const auto density = [&](const ComplexBall& z, bool) { return mixture.at(z).density(); };
  CHECK(is(integral(density, Ball(1), 0, goal), "1", 1e-17));
  const auto fisher = [&](const ComplexBall& z, bool) {
    const auto at = mixture.at(z);
    return at.density() * square(at.score());
  };
  CHECK(is(integral(fisher, tau * tau, 2, goal), "3.2562628787605627487", 1e-17));
  const auto entropy = [&](const ComplexBall& z, bool analytic) {
    const auto at = mixture.at(z);
    return -(at.density() * at.log_density(analytic));
  };
  CHECK(
      is(integral(entropy, integral.log_factor() * tau, 2, goal), "1.4825465879846947294", 1e-17));
}

TEST_CASE("the scales that bound the tails do bound") {
  const PrecisionScope scope(128);
  const BallMixture<> mixture = three();
  const MixtureIntegral integral(mixture);
  const Ball tau = integral.tau();
  const double reach = 1.3 * 1.8 + std::sqrt(0.244);  // at least M = max |mean| + max sd
  const Ball v = mixture.noise();
  const Ball a = mixture.abar();
  const Case law = test::mixture_three();
  const BallMixture<Jet<Ball>> moved(law.target()->product()->coordinates.front(), a,
                                     Jet<Ball>::variable(v, 1));
  for (int i = -40; i <= 40; ++i) {
    const Ball x(i);
    const auto at = mixture.at(x);
    const Ball m = abs(x) + Ball::exactly(reach);
    const Ball m2 = m * m;
    const auto below = [](const Ball& value, const Ball& bound) {
      return abs(value).less_than(bound) == Truth::certainly;
    };
    CHECK(below(at.score(), tau * m));
    CHECK(below(at.score_derivative(), 2 * tau * tau * m2));
    CHECK(below(at.noise_variance(), (1 + v * tau) * tau * m2));
    CHECK(below(at.posterior_variance(), 2 * v * tau / a * m2));
    CHECK(below(abs(at.log_density()) + 1, integral.log_factor() * tau * m2));
    const auto moving = moved.at(Jet<Ball>(x));
    CHECK(below(moving.density().coefficient(1), tau * tau * m2 * at.density()));
    CHECK(below(moving.score().coefficient(1), 3 * tau * tau * tau * m2 * m));
    CHECK(below(moving.posterior_variance().coefficient(1), 17 * tau * tau / a * m2 * m2));
  }
}

}  // namespace
}  // namespace lemmabench
