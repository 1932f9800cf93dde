#include "theory/mixture/ball_mixture.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "theory/process/forward.hpp"
#include "theory/test/product_case.hpp"

namespace lemmabench {
namespace {

const CoordinateLaw& three() {
  static const Case kCase = test::mixture_three();
  return kCase.target()->product()->coordinates.front();
}

const CoordinateLaw& near() {
  static const Case kCase = test::mixture_near();
  return kCase.target()->product()->coordinates.front();
}

/// True when x is the decimal number to 20 digits, and the ball knows it.
bool is(const Ball& x, const char* decimal) {
  const Ball value(Rational::parse(decimal, "test"));
  return (x - value).magnitude_upper().to_double() <= 1e-20 * std::abs(value.to_double());
}

// python3 -c "
//   from mpmath import *; mp.dps = 40; a = mpf('.9'); v = mpf('.1'); x = mpf(1)/3
//   W = [mpf('.5'), mpf('.3'), mpf('.2')]; M = [mpf('-1.5'), mpf('.4'), mpf('1.8')]
//   V = [mpf('.09'), mpf('.16'), mpf('.04')]; n = lambda z, m, s:
//   exp(-(z-m)**2/(2*s*s))/(s*sqrt(2*pi)) p = lambda x: sum(w*n(x, sqrt(a)*m, sqrt(a*q+v)) for w,
//   m, q in zip(W, M, V)) print(log(p(x)), diff(lambda y: log(p(y)), x), diff(lambda y: log(p(y)),
//   x, 2)) J = lambda y: sum(w*n(y, m, sqrt(q)) for w, m, q in zip(W, M,
//   V))*exp(-(x-sqrt(a)*y)**2/(2*v)) c = [-4, -2, -1, 0, .3, .6, 1, 2, 4]; D = quad(J, c); E =
//   quad(lambda y: y*J(y), c)/D print(E, quad(lambda y: (y-E)**2*J(y), c)/D); z = mpc(x, .1)
//   print(p(z), diff(p, z)/p(z), log(p(z)))"
TEST_CASE("density, score and posterior at a point, against their definitions in mpmath") {
  const PrecisionScope scope(150);
  const BallMixture<> mixture(three(), Ball(Rational(9, 10)), Ball(Rational(1, 10)));
  const auto at = mixture.at(Ball(Rational(1, 3)));
  CHECK(is(at.log_density(), "-1.42072887208366912362460624983"));
  CHECK(is(exp(at.log_density()) / at.density(), "1"));
  CHECK(is(at.score(), "0.1938428017470643486280695"));
  CHECK(is(at.score_derivative(), "-3.978951640503770107213216"));
  CHECK(is(at.posterior_mean(), "0.3717970098481262485016535"));
  CHECK(is(at.posterior_variance(), "0.06690053732773588769763093"));
  CHECK(is(at.noise_variance(), "0.6021048359496229892786784"));
}

TEST_CASE("complex arguments") {
  const PrecisionScope scope(150);
  const BallMixture<> mixture(three(), Ball(Rational(9, 10)), Ball(Rational(1, 10)));
  const auto at = mixture.at(ComplexBall(Ball(Rational(1, 3)), Ball(Rational(1, 10))));
  CHECK(is(at.density().real(), "0.2463554532286089680599606"));
  CHECK(is(at.density().imaginary(), "0.004760124460709412881889249"));
  CHECK(is(at.score().real(), "0.1919482950019893055819523"));
  CHECK(is(at.score().imaginary(), "-0.3995114850481432487251168"));
  CHECK(is(at.log_density(true).real(), "-1.400793215650051500850092"));
  CHECK(is(at.log_density(true).imaginary(), "0.01931977611548104214344078"));
  // p has zeros between the modes, off the line: a ball that holds one must not claim a value.
  const Ball half = Ball::around(Ball(0), Ball(1));
  CHECK_FALSE(mixture.at(ComplexBall(half, half)).score().finite());
}

TEST_CASE("series in x and in v are the derivatives") {
  const PrecisionScope scope(150);
  const Ball a(Rational(9, 10));
  const Ball v(Rational(1, 10));
  const Jet<Ball> x = Jet<Ball>::variable(Ball(Rational(1, 3)), 4);
  const BallMixture<> mixture(three(), a, v);
  const auto at = mixture.at(x);
  const Jet<Ball> log_density = at.log_density();
  CHECK((log_density.derivative(1) - at.score().value()).contains_zero());
  CHECK((log_density.derivative(2) - at.score_derivative().value()).contains_zero());
  CHECK((log_density.derivative(4) - at.score_derivative().derivative(2)).contains_zero());
  // d_v log p = (S' + S^2)/2.
  using Series = Jet<Jet<Ball>>;
  const BallMixture<Series> moved(three(), a, Series::variable(Jet<Ball>(v), 1));
  const Jet<Ball> rate = moved.at(Series(x)).log_density().coefficient(1);
  const Jet<Ball> heat = (at.score_derivative() + at.score() * at.score()) / 2;
  for (int k = 0; k <= 4; ++k) {
    CHECK((rate.coefficient(k) - heat.coefficient(k)).contains_zero());
    CHECK(rate.coefficient(k).relative_accuracy_bits() > 110);
  }
}

TEST_CASE("one component is the Gaussian of theory/process/forward.hpp") {
  const PrecisionScope scope(150);
  const CoordinateLaw gauss{{{Rational(1), Rational(2), Rational(3, 10)}}, 1};
  const Level<Ball> level{Ball(Rational(2, 3)), Ball(Rational(1, 3))};
  const Ball lambda(Rational(3, 10));
  const Ball x(Rational(-7, 5));
  const BallMixture<> mixture(gauss, level);
  const auto at = mixture.at(x);
  CHECK((at.score() - gaussian_score(level, lambda, Ball(2))(x)).contains_zero());
  CHECK((at.posterior_mean() - posterior_mean(level, lambda, Ball(2), x)).contains_zero());
  CHECK((at.posterior_variance() - posterior_variance(level, lambda)).contains_zero());
  CHECK((at.noise_variance() - noise_posterior_variance(level, lambda)).contains_zero());
}

TEST_CASE("far out nothing underflows, at tiny noise nothing cancels") {
  const PrecisionScope scope(150);
  const BallMixture<> noisy(three(), Ball(Rational(9, 10)), Ball(Rational(1, 10)));
  const auto far = noisy.at(Ball(100000));
  CHECK(far.log_density().relative_accuracy_bits() > 100);
  // The widest component alone: (sqrt(0.9) 0.4 - 1e5)/0.244.
  CHECK(std::abs(far.score().to_double() + 409834.51035524909752) < 1e-9);
  CHECK(std::abs(far.noise_variance().to_double() - 0.144 / 0.244) < 1e-15);
  // Tweedie's x - sqrt(a) E[X_0|x] = -v S at v = 1e-20.
  const Rational v = Rational::parse("1e-20", "test");
  const Ball a = 1 - Ball(v);
  const Ball x(Rational(1, 3));
  const BallMixture<> sharp(three(), a, Ball(v));
  const auto clean = sharp.at(x);
  const Ball shift = x - sqrt(a) * clean.posterior_mean();
  CHECK((shift + clean.score() * Ball(v)).contains_zero());
  CHECK(shift.relative_accuracy_bits() > 60);
}

TEST_CASE("a box encloses its points, and the series encloses tightly") {
  const PrecisionScope scope(128);
  const BallMixture<> mixture(near(), Ball(Rational(1, 2)), Ball(Rational(1, 2)));
  const Ball centre(Rational(1, 5));
  const Ball offset = Ball::around(Ball(0), Ball(Rational(1, 10)));
  const auto box = mixture.at(Ball(centre + offset));
  const Ball tight =
      taylor_enclosure(mixture.at(Jet<Ball>::variable(centre, 8)).score(),
                       mixture.at(Jet<Ball>::variable(centre + offset, 8)).score(), offset);
  for (int i = -4; i <= 4; ++i) {
    const auto point = mixture.at(Ball(centre + Ball(Rational(i, 40))));
    CHECK(box.score().contains(point.score().midpoint()));
    CHECK(box.density().contains(point.density().midpoint()));
    CHECK(tight.contains(point.score().midpoint()));
  }
  CHECK(tight.radius().to_double() < 0.1 * 0.6);  // |S'| < 0.6 there
  CHECK(box.score().radius().to_double() < 0.5);
}

}  // namespace
}  // namespace lemmabench
