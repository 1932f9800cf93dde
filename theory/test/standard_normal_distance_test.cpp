#include "theory/standard_normal_distance.hpp"

#include <doctest/doctest.h>

#include "numerics/adaptive_precision.hpp"
#include "theory/test/product_case.hpp"

namespace lemmabench {
namespace {

Rational exact(const char* text) { return Rational::parse(text, "test"); }

Ball near(const char* text, const char* digits) {
  const Ball value = Ball(exact(text));
  return Ball::around(value, abs(value) * Ball(exact(digits)));
}

Level<Ball> level(const Rational& abar) { return {Ball(abar), Ball(Rational(1) - abar)}; }

}  // namespace

// mpmath, dps = 30, mixture-three at abar = 1/128: quad(p*log(p/phi), linspace(-14,14,29)), and
// quad(|p-phi|)/2 split at the roots of log(p/phi).
TEST_CASE("KL and TV of a mixture from the standard normal") {
  const PrecisionScope scope(128);
  const Case three = test::mixture_three();
  const BallMixture<> mixture(three.target()->product()->coordinates.front(),
                              level(Rational(1, 128)));
  const Ball kl = kl_to_standard_normal(mixture, 18);
  CHECK(kl.overlaps(near("0.000295752516030313", "1e-14")));
  CHECK(accurate_to(kl, 18, Accuracy::absolute));
  const Ball tv = tv_to_standard_normal(mixture);
  CHECK(tv.overlaps(near("0.00963780316211839", "1e-14")));
  CHECK(accurate_to(tv, 30));
}

TEST_CASE("tiny distances keep their digits") {
  const PrecisionScope scope(192);
  // Mean 0: to leading order KL = (abar (Var-1))^2/4, TV = abar |Var-1|/2 E|z^2-1|/1.
  const Case near_modes = test::mixture_near();
  const Rational abar = Rational::parse("1e-12", "test");
  const BallMixture<> mixture(near_modes.target()->product()->coordinates.front(), level(abar));
  const Ball kl = kl_to_standard_normal(mixture, 32);
  const Ball leading = Ball(abar) * Ball(abar) * Ball(Rational(1, 16));  // Var = 3/2
  CHECK((kl / leading).overlaps(near("1", "1e-7")));
  // E|z^2 - 1| = 4 phi(1), TV = abar (Var-1)/2 * 2 phi(1).
  const Ball phi = exp(Ball(-1) / 2) / sqrt(2 * Ball::pi());
  CHECK((tv_to_standard_normal(mixture) / (Ball(abar) * phi / 2)).overlaps(near("1", "1e-10")));
}

// mpmath, dps = 15, nu = 3, abar = 0.1: p by quad over u = log W on [-5,-2,0,2,5,10,20,40], then
// 2*quad(p*log(p/phi)) over x on [0,1,2,4,8] and over log x on [log 8,3,5,8,14,30].
TEST_CASE("KL of a Student marginal is enclosed from both sides") {
  const PrecisionScope scope(128);
  const StudentMarginal marginal(1, Rational(3), level(Rational(1, 10)));
  const Ball kl = kl_to_standard_normal(marginal, 15);
  CHECK(kl.contains(exact("0.0242066572110224")));
  CHECK(kl.positive() == Truth::certainly);
  CHECK(kl.magnitude_upper().less_than(Ball(exact("0.08"))) == Truth::certainly);
  const StudentMarginal infinite(1, exact("1.9"), level(Rational(1, 10)));
  CHECK_FALSE(kl_to_standard_normal(infinite, 15).finite());
}

}  // namespace lemmabench
