#include "theory/gaussian/typical_ellipsoid.hpp"

#include <doctest/doctest.h>

#include "numerics/ball_functions.hpp"
#include "theory/mixture/typical_mixture.hpp"
#include "theory/test/product_case.hpp"

namespace lemmabench {
namespace {

Rational exact(const char* text) { return Rational::parse(text, "test"); }

Ball near(const char* text) {
  const Ball value = Ball(exact(text));
  return Ball::around(value, abs(value) * Ball(exact("1e-13")));
}

Level<Ball> level(const char* abar) {
  const Rational a = exact(abar);
  return {Ball(a), Ball(Rational(1) - a)};
}

ProductLaw one_gaussian(const char* variance) {
  return *test::product_case("one", {{{{"1", "0", variance}}, 1}}).target()->product();
}

}  // namespace

// mpmath, dps = 30, gauss-spread at abar = 0.7, B = 8 log 128; w = 0.475, 3.1:
//   R2 = 2*B - sum(log(2*pi*w)), R2/0.475, sum(a*l/w), gammainc(2, R2/2), and at the corner of w_i
//   b2 = t*t/w_i*R2, E2 = b2 + sum(C), E4 = E2**2 + 2*sum(C_j**2) + 4*b2*C_i, C_j = a l_j t/w_j
TEST_CASE("suprema over the typical ellipsoid of two eigenvalues") {
  const PrecisionScope scope(128);
  const Ball bound = 8 * log(Ball(128));
  const TypicalEllipsoid set(*test::gauss_spread().target()->product(), level("0.7"), bound);
  CHECK(set.dim() == 4);
  CHECK_FALSE(set.empty());
  CHECK(set.radius_squared().overlaps(near("69.5070526839892833")));
  CHECK(set.score_squared().overlaps(near("146.330637229451123")));
  CHECK(set.noise_trace().overlaps(near("2.54329371816638")));
  CHECK(set.mass_outside().overlaps(near("2.88439122299748e-14")));
  const auto moments = set.displacement_moments();
  CHECK(moments[1].overlaps(near("13.9327454661005")));
  CHECK(moments[3].overlaps(near("200.286373596986")));
  // diff of w(tau)^(-1/2) (1-tau)^(-3/2) sqrt(R2), the larger of both blocks
  const auto derivatives = set.flow_derivatives();
  CHECK(derivatives[0].overlaps(near("20.6547799216927")));
  CHECK(derivatives[1].overlaps(near("27.9538374880052")));
  CHECK(derivatives[2].overlaps(near("126.80813497065")));
  // Four copies: the same law four times.
  const TypicalEllipsoid copies(*test::gauss_spread().target()->product(), level("0.7"), 4 * bound,
                                4);
  CHECK(copies.dim() == 16);
  CHECK(copies.radius_squared().overlaps(4 * set.radius_squared()));
}

TEST_CASE("in one dimension all moments and the tail are known exactly") {
  const PrecisionScope scope(128);
  const Ball bound = 2 * log(Ball(128));
  for (const char* abar : {"0.01", "0.5", "0.99"}) {
    const Level<Ball> at = level(abar);
    const TypicalEllipsoid set(one_gaussian("0.25"), at, bound);
    const Ball w = at.abar / 4 + at.noise;
    const Ball offset = at.noise * sqrt(set.radius_squared() / w);
    const Ball spread = at.abar / 4 * at.noise / w;
    const auto moments = set.displacement_moments();
    for (int k = 1; k <= 4; ++k) {
      const Ball truth = absolute_moment(offset, spread, k);
      const Ball& found = moments[static_cast<std::size_t>(k) - 1];
      CHECK(found.overlaps(truth));
      CHECK(found.radius().less_than(truth / 4) == Truth::certainly);
    }
    const Ball r = offset + sqrt(spread);
    const Ball root = sqrt(2 * spread);
    const Ball tail = (erfc((r - offset) / root) + erfc((r + offset) / root)) / 2;
    CHECK(set.displacement_tail(r).contains(tail));
  }
}

// In T2 and T3 c0 is the exponent of the *least* noise, 1-abar_1 = T^{-c0} (the schedule of LY).
// With the c0 of Li & Cai's schedule, abar_T = T^{-c0}, they fail on data that are singular at the
// scale of 1-abar_1 = T^{-(c1-c0)}, when c1 is large.
TEST_CASE("T2 fails with c0 of abar_T on a schedule with a large c1") {
  const PrecisionScope scope(128);
  const long steps = 2048;
  const Schedule<Ball> schedule(LiCaiSchedule{Rational(2), Rational(102)}, steps);
  const Ball log_steps = log(Ball(steps));
  const TypicalEllipsoid set(one_gaussian("1e-900"), schedule.level(1), 2 * log_steps);
  const Ball square_of_5 = set.score_squared() * schedule.level(1).noise / (4 * log_steps);
  CHECK(Ball(25).less_than(square_of_5) == Truth::certainly);
  // With c0 the exponent of 1-abar_1 it holds.
  const Ball c0 = -log(schedule.level(1).noise) / log_steps;
  CHECK(Ball(100).less_than(c0) == Truth::certainly);
  CHECK((square_of_5 * 4 / (2 + c0)).less_than(Ball(25)) == Truth::certainly);
}

}  // namespace lemmabench
