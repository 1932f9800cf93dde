#include "theory/initialisation/standard_normal_distance.hpp"

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

namespace {

CoordinateLaw two_modes(const char* mean, const char* variance) {
  const Rational half(1, 2);
  return {
      {{half, Rational(0) - exact(mean), exact(variance)}, {half, exact(mean), exact(variance)}}};
}

Ball tv_at(const CoordinateLaw& law, const char* abar, long bits) {
  const PrecisionScope scope(bits);
  return tv_to_standard_normal(BallMixture<>(law, level(exact(abar))));
}

}  // namespace

TEST_CASE("TV of the standard normal law from itself is enclosed, and soon") {
  const CoordinateLaw one{{{Rational(1), Rational(0), Rational(1)}}};
  const CoordinateLaw twice = two_modes("0", "1");
  for (const CoordinateLaw& law : {one, twice}) {
    const Ball tv = tv_at(law, "0.3", 128);
    CHECK(tv.contains(Rational(0)));
    CHECK(tv.magnitude_upper().less_than(Ball(exact("1e-30"))) == Truth::certainly);
  }
}

// mpmath, dps = 60: quad(|p-phi|)/2 split at the roots of log(p/phi); (N(-1/2, 3/4) + N(1/2,
// 3/4))/2 has the moments 0, 1, 0 of N(0, 1), and log(p/phi) is of order abar^2.
TEST_CASE("laws with the first moments of the standard normal law") {
  const CoordinateLaw law = two_modes("0.5", "0.75");
  const Ball half = tv_at(law, "0.5", 128);
  CHECK(half.overlaps(near("0.002095495699109977599124522085793995", "1e-25")));
  CHECK(accurate_to(half, 25));
  const Ball small = tv_at(law, "1e-6", 160);
  CHECK(small.overlaps(near("7.2932318949394368668364857845220747e-15", "1e-20")));
  CHECK(accurate_to(small, 6));
}

TEST_CASE("zeros that the precision does not part are covered") {
  for (const char* abar : {"0.5", "1e-3", "1e-6"}) {
    for (const CoordinateLaw& law : {two_modes("0.5", "0.75"), two_modes("0.5", "0.7500000001"),
                                     two_modes("1e-5", "1"), two_modes("1", "0.1")}) {
      CAPTURE(abar);
      const Ball fine = tv_at(law, abar, 256);
      for (const long bits : {53, 64, 96, 128}) {
        CAPTURE(bits);
        CHECK(tv_at(law, abar, bits).overlaps(fine));
      }
    }
  }
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
  // Lighter tails, where the mass of the bins weighs more than the logs: the midpoint rule with 600
  // nodes in u, x = sinh u, of p log(p/phi) - p + phi, six digits.
  const StudentMarginal five(1, Rational(5), level(Rational(1, 2)));
  CHECK(kl_to_standard_normal(five, 15).contains(exact("0.0371266")));
  const StudentMarginal twenty(1, Rational(20), level(Rational(1, 10)));
  CHECK(kl_to_standard_normal(twenty, 15).contains(exact("0.0000310638")));
  const StudentMarginal infinite(1, exact("1.9"), level(Rational(1, 10)));
  CHECK_FALSE(kl_to_standard_normal(infinite, 15).finite());
}

}  // namespace lemmabench
