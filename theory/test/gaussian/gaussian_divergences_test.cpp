#include "theory/gaussian/gaussian_divergences.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "numerics/adaptive_precision.hpp"
#include "numerics/error.hpp"
#include "numerics/mp.hpp"
#include "theory/test/gaussian/random_blocks.hpp"

namespace lemmabench {
namespace {

template <class Real>
RelativeBlocks<Real> view(const std::vector<RelativeBlock<Real>>& blocks) {
  return blocks;
}

/// Purely relative: doctest::Approx adds 1 to the scale, and passes anything tiny.
bool near(double value, double expected, double tolerance) {
  return std::abs(value - expected) <= tolerance * std::abs(expected);
}

TEST_CASE("divergences between one-dimensional Gaussians, by hand") {
  // p = N(0, 1), q = N(1/2, 4): e = 3, shift = 1/4.
  const std::vector<RelativeBlock<double>> blocks{{3, 0.25, 1}};
  CHECK(near(kl_pq(view(blocks)), std::log(2.0) + 1.25 / 8 - 0.5, 1e-15));
  CHECK(near(kl_qp(view(blocks)), -std::log(2.0) + 4.25 / 2 - 0.5, 1e-15));
  const double affinity = std::sqrt(4.0 / 5) * std::exp(-0.25 / 4 / 5);
  CHECK(near(hellinger(view(blocks)), std::sqrt(1 - affinity), 1e-14));
  // int p^2/q = 2/sqrt(2 - 1/4) exp(shift/(1+2e)), completing the square
  const double chi2 = 2 / std::sqrt(1.75) * std::exp(0.25 / 7) - 1;
  CHECK(near(*chi_square_pq(view(blocks)), chi2, 1e-14));
  CHECK(!chi_square_qp(view(blocks)));  // q^2/p grows: 2/4 < 1
}

TEST_CASE("chi-square divergences are infinite exactly where they should be") {
  const auto finite = [](const Rational& e) {
    const std::vector<RelativeBlock<Ball>> blocks{{Ball(0), Ball(0), 2}, {Ball(e), Ball(0), 1}};
    return std::pair(chi_square_pq(view(blocks)).has_value(),
                     chi_square_qp(view(blocks)).has_value());
  };
  CHECK(finite(Rational(1, 2)) == std::pair(true, true));
  CHECK(finite(Rational(1)) == std::pair(true, false));
  CHECK(finite(Rational(999, 1000)) == std::pair(true, true));
  CHECK(finite(Rational(-1, 2)) == std::pair(false, true));
  CHECK(finite(Rational(-499, 1000)) == std::pair(true, true));
}

TEST_CASE("a chi-square divergence that a ball leaves open is neither finite nor infinite") {
  const auto around = [](const Rational& e) {
    return std::vector<RelativeBlock<Ball>>{
        {Ball::around(Ball(e), Ball(Rational(1, 1000000))), Ball(0), 1}};
  };
  const auto at_minus_half = around(Rational(-1, 2));
  const auto at_one = around(Rational(1));
  CHECK_THROWS_AS(chi_square_pq(view(at_minus_half)), NumericalFailure);
  CHECK(chi_square_qp(view(at_minus_half)).has_value());
  CHECK_THROWS_AS(chi_square_qp(view(at_one)), NumericalFailure);
  CHECK(chi_square_pq(view(at_one)).has_value());
}

/// The largest relative error of the double against the ball over random blocks.
template <class F, class G>
double worst_in_double(F in_double, G in_balls) {
  std::mt19937_64 random(20241);
  double out = 0;
  for (int i = 0; i < 300; ++i) {
    const auto blocks = random_blocks(random, i % 2 == 0);
    // The subject's own inputs: what is tested is the formula, not the rounding of e.
    const auto doubles = as<double>(blocks);
    std::vector<RelativeBlock<Ball>> balls;
    for (const auto& block : doubles) {
      balls.push_back({Ball::exactly(block.e), Ball::exactly(block.shift), block.multiplicity});
    }
    const Ball truth = in_balls(view(balls));
    const double value = in_double(view(doubles));
    if (std::abs(truth.to_double()) < 1e-290) {
      continue;
    }
    CAPTURE(describe(blocks));
    const double error = ((Ball::exactly(value) - truth) / truth).magnitude_upper().to_double();
    CHECK(error < 1e-14);
    out = std::max(out, error);
  }
  return out;
}

TEST_CASE("no divergence cancels in double") {
  const PrecisionScope scope(256);
  // Observed: 7.6e-16, 3.2e-16, 2.4e-16, 3.6e-16.
  CHECK(worst_in_double(kl_pq<double>, kl_pq<Ball>) < 2e-15);
  CHECK(worst_in_double(kl_qp<double>, kl_qp<Ball>) < 2e-15);
  CHECK(worst_in_double(hellinger<double>, hellinger<Ball>) < 2e-15);
  CHECK(worst_in_double(log_affinity<double>, log_affinity<Ball>) < 2e-15);
}

TEST_CASE("the Hellinger distance survives where KL underflows") {
  const std::vector<RelativeBlock<double>> blocks{{1e-300, 0, 4}};
  CHECK(near(hellinger(view(blocks)), 5e-301, 1e-14));
  CHECK(kl_pq(view(blocks)) == 0.0);
  // H^2 = 1 - (1 - e^2/4)^{m/4}... ~ m e^2/16 on both sides of the switch to the leading term.
  for (const double e : {0.9e-9, 3e-9, 1.1e-8}) {
    const std::vector<RelativeBlock<double>> one{{e, 0, 1}};
    CHECK(near(hellinger(view(one)), e / 4 * (1 - e / 2), 1e-15));
  }
}

TEST_CASE("balls of the divergences contain Mp values and are tight") {
  const PrecisionScope scope(200);
  std::mt19937_64 random(7);
  for (int i = 0; i < 100; ++i) {
    const auto blocks = random_blocks(random, i % 2 == 0);
    CAPTURE(describe(blocks));
    const auto balls = as<Ball>(blocks);
    const auto numbers = as<Mp80>(blocks);
    const auto check = [](const Ball& ball, const Mp80& number) {
      Ball near;
      arb_set_str(near.raw(), number.str(80, std::ios::scientific).c_str(), 400);
      near = Ball::around(near, abs(near) * Ball(Rational::parse("1e-75", "")));
      CHECK(ball.overlaps(near));
      CHECK((arb_is_zero(ball.raw()) != 0 || ball.relative_accuracy_bits() >= 185));
    };
    check(kl_pq(view(balls)), kl_pq(view(numbers)));
    check(kl_qp(view(balls)), kl_qp(view(numbers)));
    check(hellinger(view(balls)), hellinger(view(numbers)));
    const auto chi = chi_square_pq(view(balls));
    const auto chi_number = chi_square_pq(view(numbers));
    REQUIRE(chi.has_value() == chi_number.has_value());
    if (chi && chi->to_double() < 1e300) {
      Ball near;
      arb_set_str(near.raw(), chi_number->str(80, std::ios::scientific).c_str(), 400);
      // exp of a number of size 1e4 costs Mp80 and the ball a few digits.
      CHECK(chi->overlaps(Ball::around(near, abs(near) * Ball(Rational::parse("1e-70", "")))));
    }
  }
}

TEST_CASE("a wide relative variance error widens the divergences by their slope only") {
  const PrecisionScope scope(200);
  const Ball e =
      Ball::around(Ball(Rational::parse("1e-12", "")), Ball(Rational::parse("1e-20", "")));
  const std::vector<RelativeBlock<Ball>> blocks{{e, Ball(0), 3}};
  // KL ~ 3 e^2/4: its relative radius is twice that of e, 2e-8. Interval arithmetic on log(1+e) and
  // e/(1+e) would give 4e-20/7.5e-25, no digit at all.
  for (const Ball& value : {kl_pq(view(blocks)), kl_qp(view(blocks))}) {
    CHECK((value.radius() / value.midpoint()).to_double() < 2.1e-8);
    CHECK((value.radius() / value.midpoint()).to_double() > 1.9e-8);
  }
}

TEST_CASE("equal laws are at distance 0 and a ball around them is too") {
  const std::vector<RelativeBlock<Ball>> same{{Ball(0), Ball(0), 7}};
  const GaussianDivergences zero = gaussian_divergences(view(same), 30);
  for (const Quantity& value : {zero.tv, zero.kl_pq, zero.kl_qp, zero.hellinger, *zero.chi2_pq}) {
    CHECK(value.value() == 0);
    CHECK(value.error() == 0);
    CHECK(value.evidence() == Evidence::proved);
  }
  const Ball near_zero = Ball::around(Ball(0), Ball(Rational::parse("1e-30", "")));
  const std::vector<RelativeBlock<Ball>> near{{near_zero, Ball(0), 7}};
  const GaussianDivergences small = gaussian_divergences(view(near), 30);
  for (const Quantity& value : {small.tv, small.kl_pq, small.kl_qp, small.hellinger}) {
    CHECK(value.interval().contains_zero());
    CHECK(value.error() < 1e-29);
  }
}

TEST_CASE("blocks outside the domain are refused") {
  const auto kl = [](double e, double shift, long multiplicity) {
    const std::vector<RelativeBlock<double>> blocks{{e, shift, multiplicity}};
    return kl_pq(view(blocks));
  };
  CHECK_THROWS_AS(kl(-1, 0, 1), InputError);
  CHECK_THROWS_AS(kl(NAN, 0, 1), InputError);
  CHECK_THROWS_AS(kl(0.5, -1, 1), InputError);
  CHECK_THROWS_AS(kl(0.5, 0, 0), InputError);
  const std::vector<RelativeBlock<Ball>> vague{{Ball::around(Ball(0), Ball(2)), Ball(0), 1}};
  CHECK_THROWS_AS(kl_pq(view(vague)), NumericalFailure);
}

}  // namespace
}  // namespace lemmabench
