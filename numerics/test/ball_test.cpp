#include "numerics/ball.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <string>
#include <thread>

#include "numerics/error.hpp"
#include "numerics/mp.hpp"
#include "numerics/scalar.hpp"

using namespace lemmabench;

namespace {

Ball ball(const char* text) { return Ball(Rational::parse(text, "test")); }

/// The Mp number as an exact ball.
Ball exactly(const Mp80& x) {
  Ball out;
  arf_set_mpfr(arb_midref(out.raw()), x.backend().data());
  return out;
}

}  // namespace

TEST_CASE("balls of elementary functions contain MPFR's values and are tight") {
  // 80 digits are at least 266 bits, MPFR rounds correctly; at 200 bits a tight ball has radius
  // 2^-199 relative to the value and so contains every correctly rounded 266-bit value. Corners:
  // tiny, near 1, large.
  const PrecisionScope scope(200);
  for (const char* text : {"1e-300", "1e-20", "0.3", "0.9999999999", "1", "7/3", "40", "700"}) {
    CAPTURE(text);
    const Rational exact = Rational::parse(text, "test");
    const Ball x(exact);
    const Mp80 y = from_rational<Mp80>(exact);
    const std::pair<Ball, Mp80> pairs[] = {
        {sqrt(x), sqrt(y)}, {exp(x), exp(y)}, {expm1(x), expm1(y)}, {log1p(x), log1p(y)},
        {sin(x), sin(y)},   {cos(x), cos(y)}, {log(x), log(y)}};
    for (const auto& [enclosure, value] : pairs) {
      // y itself is rounded once: widen by its half ulp, 2^-264 relative, times the condition
      // number (at most |x| for exp here).
      const Ball slack = abs(exactly(value)) * ball("1e-75") + ball("1e-90");
      CHECK(enclosure.overlaps(Ball::around(exactly(value), slack)));
      // The worst condition number here is that of log at 1 - 1e-10: 34 bits of the 200.
      CHECK((arb_is_zero(enclosure.raw()) != 0 || enclosure.relative_accuracy_bits() > 160));
    }
  }
}

TEST_CASE("comparisons have three values") {
  const Ball wide = Ball::around(Ball(1), ball("0.5"));
  CHECK(Ball(1).less_than(Ball(2)) == Truth::certainly);
  CHECK(Ball(2).less_than(Ball(1)) == Truth::certainly_not);
  CHECK(Ball(1).less_than(Ball(1)) == Truth::certainly_not);
  CHECK(wide.less_than(Ball(1)) == Truth::unknown);
  CHECK(wide.positive() == Truth::certainly);
  CHECK((wide - 1).positive() == Truth::unknown);
  CHECK(Ball(0).positive() == Truth::certainly_not);
  CHECK((wide - 2).positive() == Truth::certainly_not);
}

TEST_CASE("outside its domain a function is unbounded, not wrong") {
  CHECK_FALSE(log(Ball(-1)).finite());
  CHECK_FALSE(sqrt(Ball(-1)).finite());
  CHECK_FALSE((Ball(1) / Ball(0)).finite());
  CHECK_THROWS_AS(to_decimal(log(Ball(-1)), 10), NumericalFailure);
}

TEST_CASE("precision is a scope of the thread") {
  const long outside = PrecisionScope::bits();
  {
    const PrecisionScope scope(333);
    CHECK(PrecisionScope::bits() == 333);
    long elsewhere = 0;
    std::thread([&] { elsewhere = PrecisionScope::bits(); }).join();
    CHECK(elsewhere == 128);
    const PrecisionScope inner(64);
    CHECK(PrecisionScope::bits() == 64);
  }
  CHECK(PrecisionScope::bits() == outside);
  CHECK_THROWS_AS(PrecisionScope(1), InputError);
}

TEST_CASE("printed decimals enclose the ball, rounding of the print included") {
  const PrecisionScope scope(160);
  for (const char* text : {"1/3", "-2/7", "1e-45", "123456789/1000", "5", "-1e30"}) {
    for (const long digits : {1L, 3L, 17L, 40L}) {
      CAPTURE(text);
      CAPTURE(digits);
      const Rational exact = Rational::parse(text, "test");
      const Ball x = Ball::around(Ball(exact), abs(Ball(exact)) * ball("1e-20"));
      const DecimalEnclosure printed = to_decimal(x, digits);
      const Ball back = Ball::around(ball(printed.value.c_str()), ball(printed.error.c_str()));
      CHECK(back.contains(exact));
      CHECK(back.contains(x));
      // Tight: no wider than half a unit in the last place and the radius, to a few percent.
      const double allowed = std::fabs(exact.to_double()) *
                             (5.1 * std::pow(10.0, -static_cast<double>(digits)) + 1.02e-20);
      CHECK(back.radius().to_double() <= 1.02 * allowed);
    }
  }
}

TEST_CASE("what is printed of numbers near 0 and of huge ones can be read") {
  const PrecisionScope scope(160);
  const Ball tiny = exp(Ball(-50000));  // 1e-21715
  const DecimalEnclosure printed = to_decimal(tiny, 6);
  CHECK(printed.value == "0");
  CHECK(Ball::around(ball(printed.value.c_str()), ball(printed.error.c_str())).contains(tiny));
  const DecimalEnclosure narrow = to_decimal(Ball::around(Ball(1), tiny), 6);
  CHECK(narrow.value.substr(0, 1) == "1");
  CHECK(ball(narrow.error.c_str()).positive() == Truth::certainly);
  CHECK(to_decimal(Ball(0), 6).error == "0");
  CHECK_THROWS_AS(to_decimal(exp(Ball(50000)), 6), NumericalFailure);
}

TEST_CASE("integers and rationals are exact or enclosed, doubles are taken only by name") {
  CHECK(Ball(3).exact());
  CHECK(Ball(Rational(1, 2)).exact());
  CHECK_FALSE(Ball(Rational(1, 3)).exact());
  CHECK(Ball(Rational(1, 3)).contains(Rational(1, 3)));
  CHECK_FALSE(Ball::exactly(0.3).contains(Rational(3, 10)));
  CHECK(Ball::hull(Ball(1), Ball(2)).contains(Rational(3, 2)));
}

TEST_CASE("a ball minus itself still encloses zero: operators on temporaries keep the radius") {
  const Ball third(Rational(1, 3));
  CHECK((third - third).contains_zero());
  CHECK((Ball(third) * 3 - 1).contains_zero());
  CHECK((1 - third * 3).contains_zero());
  CHECK((1 / third - 3).contains_zero());
  CHECK((third + 1 - Ball(Rational(4, 3))).contains_zero());
  Ball sum(0);
  sum.add_product(third, Ball(3));
  CHECK(sum.contains(Rational(1)));
}
