#include "numerics/chi_square.hpp"

#include <doctest/doctest.h>

#include "numerics/error.hpp"

namespace lemmabench {
namespace {

Ball erf_root(const Ball& x) {
  Ball out = sqrt(x / 2);
  arb_hypgeom_erf(out.raw(), out.raw(), PrecisionScope::bits());
  return out;
}

TEST_CASE("the chi-square distribution in its closed forms") {
  const PrecisionScope scope(200);
  for (const Rational& x : {Rational(1, 1000000), Rational(1, 3), Rational(2), Rational(3),
                            Rational(47, 10), Rational(60)}) {
    CAPTURE(x.text());
    const Ball y(x);
    const Ball decay = exp(-y / 2);
    CHECK(chi_square_lower(y, 1).overlaps(erf_root(y)));
    CHECK(chi_square_lower(y, 2).overlaps(1 - decay));
    CHECK(chi_square_lower(y, 4).overlaps(1 - decay * (y / 2 + 1)));
    CHECK(chi_square_upper(y, 2).overlaps(decay));
    CHECK(chi_square_upper(y, 4).overlaps(decay * (y / 2 + 1)));
    for (long d : {1L, 2L, 4L, 7L}) {
      CHECK((chi_square_lower(y, d) + chi_square_upper(y, d)).contains(Rational(1)));
      CHECK(chi_square_upper(y, d).relative_accuracy_bits() >= 190);
      CHECK(chi_square_lower(y, d).relative_accuracy_bits() >= 190);
    }
  }
}

TEST_CASE("the lower tail keeps relative accuracy where Arb's loses it") {
  const PrecisionScope scope(200);
  const Ball x(2048);
  const Ball low = chi_square_lower(x, 4096);
  CHECK(low.relative_accuracy_bits() >= 190);
  // P_{d+2}(x) = P_d(x) - e^{-y} y^{d/2}/Gamma(d/2+1), y = x/2: the series by another route.
  const Ball y(1024);
  const Ball step = exp(2048 * log(y) - y - lgamma(Ball(2049)));
  CHECK((low - step).overlaps(chi_square_lower(x, 4098)));
  CHECK((low - step).relative_accuracy_bits() >= 150);
}

TEST_CASE("a wide argument widens the distribution by its density and no more") {
  const PrecisionScope scope(160);
  const Ball radius(Rational(1, 1000));
  const Ball x = Ball::around(Ball(5), radius);
  const Ball got = chi_square_lower(x, 2);
  CHECK(got.contains(1 - exp(Ball(Rational(-4999, 2000)))));
  CHECK(got.contains(1 - exp(Ball(Rational(-5001, 2000)))));
  const Ball density = exp(Ball(Rational(-4999, 2000))) / 2;
  CHECK(got.radius().less_than(density * radius * Ball(Rational(1001, 1000))) == Truth::certainly);
  const Ball nearly_all = Ball::around(Ball(1), Ball(Rational(999, 1000)));
  CHECK(chi_square_lower(nearly_all, 3).contains(chi_square_lower(Ball(Rational(1, 100)), 3)));
}

TEST_CASE("the chi-square distribution refuses what it is not defined for") {
  CHECK_THROWS_AS(chi_square_lower(Ball(1), 0), InputError);
  CHECK_THROWS_AS(chi_square_upper(Ball(-1), 2), NumericalFailure);
  CHECK(arb_is_zero(chi_square_lower(Ball(0), 3).raw()) != 0);
}

}  // namespace
}  // namespace lemmabench
