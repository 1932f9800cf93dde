#include "theory/radial/ball_scale_mixture.hpp"

#include <doctest/doctest.h>

#include <ios>
#include <vector>

#include "numerics/mp.hpp"
#include "theory/mixture/ball_mixture.hpp"
#include "theory/process/forward.hpp"
#include "theory/radial/ray_mixture.hpp"
#include "theory/test/radial/scale_mixture_cases.hpp"

namespace lemmabench {
namespace {

Level<Ball> level(const Rational& noise) { return {Ball(Rational(1) - noise), Ball(noise)}; }

bool agree(const Ball& a, const Ball& b) {
  return (a - b).contains_zero() &&
         (a - b).magnitude_upper().to_double() < 1e-25 * (1 + abs(a).to_double());
}

/// log p, g, kappa_2, kappa_3 and E[aV/W] by their definitions, in 80 digits.
struct ByDefinition {
  Mp80 log_density = 0, precision = 0, variance = 0, third = 0, noise = 0;

  ByDefinition(const ScaleMixtureLaw& law, const Mp80& abar, const Mp80& v, const Mp80& q) {
    std::vector<Mp80> terms;
    std::vector<Mp80> beta;
    Mp80 sum = 0;
    const Mp80 two_pi = 8 * atan(Mp80(1));
    const auto mp = [](const Rational& x) {
      const PrecisionScope more(400);
      return Mp80(to_decimal(Ball(x), 90).value);
    };
    for (const ScaleMixtureLaw::Atom& atom : law.atoms) {
      const Mp80 w = abar * mp(atom.variance) + v;
      beta.push_back(1 / w);
      terms.push_back(mp(atom.weight) * exp(-log(two_pi * w) * law.dim / 2 - q / (2 * w)));
      sum += terms.back();
    }
    log_density = log(sum);
    for (std::size_t k = 0; k < terms.size(); ++k) {
      precision += terms[k] / sum * beta[k];
      noise += terms[k] / sum * (1 - v * beta[k]);
    }
    for (std::size_t k = 0; k < terms.size(); ++k) {
      const Mp80 off = beta[k] - precision;
      variance += terms[k] / sum * off * off;
      third += terms[k] / sum * off * off * off;
    }
  }
};

bool holds(const Ball& ball, const Mp80& number) {
  Ball near;
  arb_set_str(near.raw(), number.str(80, std::ios::scientific).c_str(), 400);
  // Exponents of size 1e4 cost the 80 digits a few.
  near = Ball::around(near, abs(near) * Ball(Rational::parse("1e-70", "test")));
  return ball.overlaps(near) && ball.relative_accuracy_bits() > 60;
}

}  // namespace

TEST_CASE("in d = 1 a scale mixture is a mixture on the line") {
  const PrecisionScope scope(150);
  for (const ScaleMixtureLaw& law : {test::two_scale(1), test::three_scales(1)}) {
    for (const Rational& noise : {Rational(1, 100), Rational(3, 10), Rational(9, 10)}) {
      const CoordinateLaw line = test::on_the_line(law);
      const BallMixture<> mixture(line, level(noise));
      const RayMixture<> ray(law, level(noise));
      for (const Rational& x : {Rational(0), Rational(1, 7), Rational(1), Rational(5, 2)}) {
        const auto expected = mixture.at(Ball(x));
        const auto found = ray.at(Ball(x));
        CHECK(agree(found.log_density(), expected.log_density()));
        CHECK(agree(found.score(), expected.score()));
        CHECK(agree(found.score_derivative(), expected.score_derivative()));
        CHECK(agree(found.posterior_mean(), expected.posterior_mean()));
        CHECK(agree(found.noise_variance(), expected.noise_variance()));
        const Ball q = square(Ball(x));
        const auto space = ray.in_space().at(q);
        CHECK(agree(space.clean_variance_along(), expected.posterior_variance()));
        CHECK(agree(space.noise_trace(), expected.noise_variance()));
      }
    }
  }
}

TEST_CASE("one scale is the Gaussian of theory/process/forward.hpp, in every d") {
  const PrecisionScope scope(150);
  const Level<Ball> at = level(Rational(1, 3));
  const Ball lambda(Rational(3, 10));
  for (const long dim : {1L, 16L, 4096L}) {
    const BallScaleMixture<> mixture(test::one_scale(dim), at);
    const auto point = mixture.at(Ball(7));
    CHECK(agree(-point.precision(), gaussian_score(at, lambda, Ball(0)).slope));
    CHECK(agree(point.noise_variance_across(), noise_posterior_variance(at, lambda)));
    CHECK(agree(point.clean_variance_along(), posterior_variance(at, lambda)));
    CHECK(point.precision_variance().contains_zero());
  }
}

TEST_CASE("balls contain what 80 digits say by the definitions") {
  const PrecisionScope scope(150);
  const Mp80 v = Mp80(1) / 8;  // exact in both
  for (const long dim : {1L, 16L, 1024L}) {
    const ScaleMixtureLaw law = test::three_scales(dim);
    const BallScaleMixture<> mixture(law, Ball(Rational(7, 8)), Ball(Rational(1, 8)));
    // Between the radii of the components, where the posterior is undecided.
    for (const Rational& per_dim : {Rational(1, 8), Rational(1, 2), Rational(3, 2), Rational(4)}) {
      CAPTURE(dim);
      CAPTURE(per_dim.text());
      const Rational q = per_dim * Rational(dim);
      const auto at = mixture.at(Ball(q));
      const ByDefinition expected(law, 1 - v, v, Mp80(to_decimal(Ball(q), 20).value));
      CHECK(holds(at.log_density(), expected.log_density));
      CHECK(holds(at.precision(), expected.precision));
      CHECK(holds(at.precision_variance(), expected.variance));
      CHECK(holds(at.precision_third(), expected.third));
      CHECK(holds(at.noise_variance_across(), expected.noise));
    }
  }
}

TEST_CASE("log p as a function of q is a cumulant generating function") {
  const PrecisionScope scope(150);
  const BallScaleMixture<> mixture(test::two_scale(64), level(Rational(1, 5)));
  const Jet<Ball> q = Jet<Ball>::variable(Ball(Rational(60)), 3);
  const auto at = mixture.at(q);
  const Jet<Ball> log_density = at.log_density();
  CHECK(agree(log_density.derivative(1), -at.precision().value() / 2));
  CHECK(agree(log_density.derivative(2), at.precision_variance().value() / 4));
  CHECK(agree(log_density.derivative(3), -at.precision_third().value() / 8));
}

TEST_CASE("a box of q encloses its points, however wide it is") {
  const PrecisionScope scope(128);
  const BallScaleMixture<> mixture(test::two_scale(256), level(Rational(1, 5)));
  const Ball box = Ball::around(Ball(400), Ball(390));
  const auto all = mixture.at(box);
  for (int i = 1; i < 80; ++i) {
    const auto point = mixture.at(Ball(10 * i));
    CHECK(all.precision().contains(point.precision().midpoint()));
    CHECK(all.precision_variance().contains(point.precision_variance().midpoint()));
    CHECK(all.precision_third().contains(point.precision_third().midpoint()));
  }
  // The exponents' difference varies by thousands there; the weights stay between 0 and 1.
  CHECK(all.weight(0).magnitude_upper().to_double() < 1.001);
  CHECK(all.precision().magnitude_upper().to_double() < 6);
}

}  // namespace lemmabench
