#include "numerics/jet.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "numerics/mp.hpp"

namespace lemmabench {
namespace {

/// f(x) = exp(-x^2/2) sqrt(1 + x) / (2 - log(3 + x)) + x^(5/3) - 1/x: every operation once.
template <class Real>
Jet<Real> everything(const Jet<Real>& x, const Real& five_thirds) {
  return exp(-(x * x) / 2) * sqrt(1 + x) / (2 - log(x + 3)) + pow(x, five_thirds) - 1 / x;
}

TEST_CASE("every operation, against values of mpmath") {
  // python3 -c "from mpmath import *; mp.dps=40; f=lambda x:
  // exp(-x*x/2)*sqrt(1+x)/(2-log(3+x))+x**(mpf(5)/3)-1/x print([nstr(c,30) for c in taylor(f,
  // mpf(3)/4, 6)])"
  const std::vector<const char*> expected = {
      "0.758048621244938609497611831464", "3.04888228442708408100396893147",
      "-2.57488607876361715958477165537", "3.18709796644792679223061704953",
      "-3.96988920225446550034049850097", "5.55556341546460276776939147234",
      "-7.50608985737548338108798832833"};
  const PrecisionScope scope(200);
  const Jet<Ball> proved =
      everything(Jet<Ball>::variable(Ball(Rational(3, 4)), 6), Ball(Rational(5, 3)));
  const Jet<Mp40> computed = everything(Jet<Mp40>::variable(Mp40(0.75), 6), Mp40(Mp40(5) / 3));
  const Jet<double> rough = everything(Jet<double>::variable(0.75, 6), 5.0 / 3);
  for (int k = 0; k <= 6; ++k) {
    CAPTURE(k);
    const Rational value = Rational::parse(expected[static_cast<std::size_t>(k)], "value");
    const Ball error = proved.coefficient(k) - Ball(value);
    CHECK(std::abs(error.to_double()) < 1e-27);
    CHECK(proved.coefficient(k).relative_accuracy_bits() > 170);
    CHECK(std::abs(static_cast<double>(computed.coefficient(k)) - value.to_double()) < 1e-13);
    CHECK(std::abs(rough.coefficient(k) - value.to_double()) < 1e-12);
  }
  CHECK((proved.derivative(5) - proved.coefficient(5) * 120).contains_zero());
}

TEST_CASE("orders: a constant is exact, two series keep the smaller one") {
  const auto x = Jet<double>::variable(2, 5);
  CHECK((x * 3 + 1).order() == 5);
  CHECK((x * Jet<double>(3)).order() == 5);
  CHECK((x + Jet<double>::variable(1, 3)).order() == 3);
  CHECK((x * Jet<double>::constant(1, 2)).order() == 2);
  CHECK((x * x).size() == 3);
  CHECK(Jet<double>(4).order() == Jet<double>::kExact);
  CHECK(sqrt(Jet<double>(4)).value() == 2);
  CHECK(Jet<double>().value() == 0);
  CHECK_THROWS_AS(x.coefficient(6), std::logic_error);
  CHECK_THROWS_AS(exp(Jet<double>({0, 1}, Jet<double>::kExact)), std::logic_error);
}

TEST_CASE("a quotient cancels what numerator and denominator have in common") {
  // (e^s - 1)/s = sum s^k/(k+1)!
  const auto s = Jet<double>::variable(0, 6);
  const Jet<double> q = (exp(s) - 1) / s;
  CHECK(q.order() == 5);
  double factorial = 1;
  for (int k = 0; k <= 5; ++k) {
    factorial *= k + 1;
    CHECK(std::abs(q.coefficient(k) * factorial - 1) < 1e-14);
  }
  // s^2/(s (1 + s)): one power is left over.
  const Jet<double> r = s * s / (s * (1 + s));
  CHECK(r.coefficient(0) == 0);
  CHECK(r.coefficient(3) == 1);
}

TEST_CASE("integer powers, derivative and antiderivative") {
  const auto x = Jet<double>::variable(3, 4);
  CHECK(pow(x, 4).coefficient(4) == 1);
  CHECK(pow(x, 4).coefficient(1) == 108);
  CHECK(std::abs((pow(x, -2) * x * x).coefficient(3)) < 1e-15);
  CHECK(pow(Jet<double>::variable(0, 4), 3).coefficient(3) == 1);
  CHECK(pow(x, 4).differentiated().coefficient(2) == 3 * pow(x, 4).coefficient(3));
  CHECK(pow(x, 3).integrated().coefficient(0) == 0);
  CHECK(pow(x, 3).integrated().order() == 5);
}

TEST_CASE("Taylor's theorem encloses the function on a box, and much tighter than the plain box") {
  const PrecisionScope scope(128);
  const Ball centre(Rational(3, 4));
  const Ball offset = Ball::around(Ball(0), Ball(Rational(1, 50)));
  const Ball power(Rational(5, 3));
  const Ball box =
      taylor_enclosure(everything(Jet<Ball>::variable(centre, 8), power),
                       everything(Jet<Ball>::variable(centre + offset, 8), power), offset);
  for (int i = -2; i <= 2; ++i) {
    const Ball x = centre + Ball(Rational(i, 100));
    CHECK(box.contains(everything(Jet<Ball>(x), power).value().midpoint()));
  }
  // An identity: the plain box cannot see that both sides move together, the series can.
  const auto residual = [](const Jet<Ball>& x) { return exp(log(x)) - x; };
  const Ball tight = taylor_enclosure(residual(Jet<Ball>::variable(centre, 8)),
                                      residual(Jet<Ball>::variable(centre + offset, 8)), offset);
  CHECK(tight.contains_zero());
  CHECK(tight.radius().to_double() < 1e-11);
  CHECK(residual(Jet<Ball>(centre + offset)).value().radius().to_double() > 1e-2);
}

}  // namespace
}  // namespace lemmabench
