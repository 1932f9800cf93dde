#include "numerics/ball_integral.hpp"

#include <doctest/doctest.h>

#include <vector>

#include "numerics/error.hpp"

using namespace lemmabench;

namespace {

Ball tenth(long numerator) { return Ball(Rational(numerator, 10)); }

/// x^k e^{-x^2/2}.
ComplexFunction gaussian_moment(int k) {
  return [k](const ComplexBall& z, bool) {
    ComplexBall result = exp(square(z) / -2);
    for (int i = 0; i < k; ++i) {
      result *= z;
    }
    return result;
  };
}

}  // namespace

TEST_CASE("Gaussian moments over the line, tails bounded by hand") {
  const PrecisionScope scope(192);
  const long moments[] = {1, 0, 1, 0, 3, 0, 15};
  const std::vector<Ball> points = {Ball(-16), Ball(16)};
  for (int k = 0; k <= 6; k += 2) {
    // int_R^inf x^k e^{-x^2/2} <= 2 R^{k-1} e^{-R^2/2} for R^2 >= 2 (k-1).
    const Ball tails = 4 * pow(Ball(16), Ball(k - 1)) * exp(Ball(-128));
    const Ball value = integral_with_tails(gaussian_moment(k), points, tails, {.digits = 40}) /
                       sqrt(2 * Ball::pi());
    CHECK(value.contains(Rational(moments[k])));
    CHECK(accurate_to(value, 39));
  }
  // Odd moments vanish: no relative accuracy, but an absolute one.
  CHECK_THROWS_AS(integral(gaussian_moment(3), points, {.digits = 10, .evaluations = 4000}),
                  NumericalFailure);
  const Ball odd = integral(gaussian_moment(3), points, {30, Accuracy::absolute});
  CHECK(odd.contains(Rational(0)));
  CHECK(accurate_to(odd, 30, Accuracy::absolute));
  // Tails too large for the goal are not swept under the carpet.
  CHECK_THROWS_AS(integral_with_tails(gaussian_moment(0), points, tenth(1), {.digits = 10}),
                  NumericalFailure);
}

TEST_CASE("points of more bits than the working precision are kept as they are") {
  // 2^-70 long, between two points that 64 bits round to one and the same.
  const auto exact = [](const Rational& x) {
    const PrecisionScope wide(200);
    return Ball(x);
  };
  const Rational tiny = Rational(1, 1L << 35) * Rational(1, 1L << 35);
  const std::vector<Ball> points = {exact(Rational(1) + tiny), exact(Rational(1) + tiny + tiny)};
  REQUIRE(points[0].exact());
  const PrecisionScope scope(64);
  const ComplexFunction one = [](const ComplexBall&, bool) { return ComplexBall(1); };
  CHECK(integral(one, points, {15, Accuracy::absolute}).contains(tiny));
}

TEST_CASE("poles near the line") {
  const PrecisionScope scope(160);
  for (const long distance : {10L, 100L, 1000L}) {
    const Ball a(Rational(1, distance));
    const ComplexFunction lorentz = [&](const ComplexBall& z, bool) {
      return ComplexBall(a) / (square(z) + a * a);
    };
    const Ball value = integral(lorentz, std::vector<Ball>{Ball(-1), Ball(2)}, {.digits = 25});
    Ball first;
    Ball second;
    arb_atan(first.raw(), (1 / a).raw(), 160);
    arb_atan(second.raw(), (2 / a).raw(), 160);
    CHECK(value.overlaps(first + second));
    CHECK(accurate_to(value, 25));
  }
}

TEST_CASE("kinks and jumps are split, and found out when they are not") {
  const PrecisionScope scope(128);
  const ComplexFunction kink = [](const ComplexBall& z, bool analytic) {
    return real_abs(z - ComplexBall(tenth(3)), analytic) * exp(z);
  };
  // int_0^1 |x - c| e^x dx = 2 e^c - 1 - c - c e, from d/dx (x - c - 1) e^x = (x - c) e^x.
  const Ball c = tenth(3);
  const Ball exact = 2 * exp(c) - 1 - c - c * exp(Ball(1));
  const Ball split = integral(kink, std::vector<Ball>{Ball(0), c, Ball(1)}, {.digits = 25});
  CHECK(split.overlaps(exact));
  CHECK(accurate_to(split, 25));
  // A missed kink costs bisection, not rigour; a small allowance ends in a failure, not in a wrong
  // enclosure.
  const std::vector<Ball> whole = {Ball(0), Ball(1)};
  CHECK(integral(kink, whole, {.digits = 25}).overlaps(exact));
  CHECK_THROWS_AS(integral(kink, whole, {.digits = 25, .evaluations = 300}), NumericalFailure);
  // The same with the kink known to 1e-20 only, and with one end known no better.
  const Ball small = Ball(Rational(1)) / pow(Ball(10), Ball(20));
  const std::vector<Ball> rough = {Ball(0), Ball::around(c, small), Ball::around(Ball(1), small)};
  const Ball value = integral(kink, rough, {.digits = 15});
  CHECK(value.overlaps(exact));
  CHECK(accurate_to(value, 15));
  CHECK(value.contains(value.midpoint() + small / 2));
}

TEST_CASE("branch cuts: the analytic flag reaches the integrand") {
  const PrecisionScope scope(128);
  const ComplexFunction root = [](const ComplexBall& z, bool analytic) {
    return sqrt(z, analytic) * log(z + ComplexBall(1), analytic);
  };
  // mpmath, dps = 30: quad(lambda x: sqrt(x)*log(1+x), [1, 4])
  const Ball value = integral(root, std::vector<Ball>{Ball(1), Ball(4)}, {.digits = 25});
  CHECK(value.overlaps(Ball(Rational::parse("5.91479222896860442261291109931", "mpmath")) +
                       Ball::around(Ball(0), pow(Ball(10), Ball(-28)))));
  CHECK(accurate_to(value, 25));
}

TEST_CASE("what the integrand throws comes through, and bad points are refused") {
  const PrecisionScope scope(96);
  const ComplexFunction throwing = [](const ComplexBall&, bool) -> ComplexBall {
    throw NumericalFailure("from the integrand");
  };
  CHECK_THROWS_WITH_AS(integral(throwing, std::vector<Ball>{Ball(0), Ball(1)}, {}),
                       "from the integrand", NumericalFailure);
  CHECK_THROWS_AS(integral(gaussian_moment(0), std::vector<Ball>{Ball(0)}, {}), InputError);
  CHECK_THROWS_AS(integral(gaussian_moment(0), std::vector<Ball>{Ball(1), Ball(0)}, {}),
                  InputError);
}
