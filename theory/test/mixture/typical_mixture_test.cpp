#include "theory/mixture/typical_mixture.hpp"

#include <doctest/doctest.h>

#include "numerics/adaptive_precision.hpp"
#include "theory/mixture/mixture_flow.hpp"
#include "theory/mixture/mixture_transport.hpp"
#include "theory/test/product_case.hpp"

namespace lemmabench {
namespace {

Rational exact(const char* text) { return Rational::parse(text, "test"); }

Ball near(const char* text, const char* digits = "1e-13") {
  const Ball value = Ball(exact(text));
  return Ball::around(value, abs(value) * Ball(exact(digits)));
}

Level<Ball> level(const char* noise) {
  const Rational tau = exact(noise);
  return {Ball(Rational(1) - tau), Ball(tau)};
}

const CoordinateLaw& three() {
  static const Case kCase = test::mixture_three();
  return kCase.target()->product()->coordinates.front();
}

}  // namespace

// mpmath, dps = 30: quad(abs(y)**k*npdf(y, 0.7, sqrt(0.5)), [-15,-2,0,0.7,3,15])
TEST_CASE("absolute moments of a normal law") {
  const PrecisionScope scope(128);
  const Ball b = Ball(exact("0.7"));
  const Ball c = Ball(exact("0.5"));
  CHECK(absolute_moment(b, c, 1).overlaps(near("0.820098265891462217")));
  CHECK(absolute_moment(b, c, 2).overlaps(near("0.99")));
  CHECK(absolute_moment(b, c, 3).overlaps(near("1.45917683402137517")));
  CHECK(absolute_moment(b, c, 4).overlaps(near("2.4601")));
}

// mpmath, dps = 30, mixture-three at tau = 0.3, x = 0.3: moments and tail by quadrature of the
// posterior, s'' = diff(log p, x, 3), and q(tau') = s_tau'(x')/(1-tau')**1.5 with x' by findroot of
// F_tau'(x') = F_tau(x), diff(q, tau, n).
TEST_CASE("functions of x against quadrature and numerical derivatives") {
  const PrecisionScope scope(160);
  const TypicalMixture set(three(), level("0.3"), 2 * log(Ball(128)));
  const Ball x = Ball(exact("0.3"));
  const char* moments[] = {"0.34965559526097", "0.25483097670372916", "0.263439221586648224",
                           "0.317133238413919192"};
  for (int k = 1; k <= 4; ++k) {
    CHECK(set.displacement_moment(x, k).overlaps(near(moments[k - 1])));
    CHECK(accurate_to(set.displacement_moment(x, k), 30));
  }
  CHECK(set.displacement_tail(x, Ball(exact("1.5"))).overlaps(near("0.0100862269065502227")));
  CHECK(set.score_curvature(x).overlaps(near("-1.6419872062720663")));
  const auto derivatives = set.flow_derivatives(x);
  CHECK(derivatives[0].overlaps(near("0.165995033255815")));
  CHECK(derivatives[1].overlaps(near("-1.58895782126206")));
  CHECK(derivatives[2].overlaps(near("-25.4620162966246")));
}

// F5 and F6 of theory.md: along dx/dv = -S/2, dS/dv = (S'' + S'S)/2.
TEST_CASE("the first derivative along the flow is that of F6") {
  const PrecisionScope scope(160);
  const TypicalMixture set(three(), level("0.3"), 2 * log(Ball(128)));
  const Ball x = Ball(exact("-1.1"));
  const auto point = set.mixture().at(x);
  const Ball a = set.level().abar;
  const Ball along_v = (set.score_curvature(x) + point.score_derivative() * point.score()) / 2;
  // s/(1-tau)^{3/2} = S sqrt(a)/(1-tau')^2, dv/dtau = 1/a at tau.
  const Ball expected = along_v / (a * a * sqrt(a)) + 2 * point.score() / (a * a * sqrt(a));
  CHECK(set.flow_derivatives(x)[1].overlaps(expected));
}

TEST_CASE("boxes contain the values at their points") {
  const PrecisionScope scope(128);
  const TypicalMixture set(three(), level("0.02"), 2 * log(Ball(128)));
  for (const char* middle : {"-2.5", "-0.6", "0.1", "1.2", "3"}) {
    for (const char* half : {"0.2", "0.01", "1e-6"}) {
      const Ball centre = Ball(exact(middle));
      const Ball radius = Ball(exact(half));
      const Ball box = Ball::around(centre, radius);
      for (const Ball& x : {centre - radius, centre + radius / 3, centre + radius}) {
        CHECK(set.log_density(box).overlaps(set.log_density(x.midpoint())));
        CHECK(set.displacement_moment(box, 1).overlaps(set.displacement_moment(x.midpoint(), 1)));
        CHECK(set.displacement_moment(box, 4).overlaps(set.displacement_moment(x.midpoint(), 4)));
        CHECK(set.displacement_tail(box, Ball(1))
                  .overlaps(set.displacement_tail(x.midpoint(), Ball(1))));
        CHECK(set.score_curvature(box).overlaps(set.score_curvature(x.midpoint())));
      }
    }
  }
}

TEST_CASE("the pieces of the mass outside a set neither overlap nor leave gaps") {
  // No point has a density above e^100: everything is outside, and its mass is 1.
  for (const long bits : {64, 128, 256}) {
    const PrecisionScope scope(bits);
    const TypicalMixture none(three(), level("0.3"), Ball(-100));
    CHECK(none.mass_outside().contains(Rational(1)));
    CHECK(none.mass_outside().relative_accuracy_bits() > bits - 16);
  }
}

// mpmath: the roots of log p + B, F(low) + 1 - F(high); in three pieces 1 - sum of the pieces.
TEST_CASE("the mass outside the typical set, in one and in three pieces") {
  const PrecisionScope scope(128);
  const TypicalMixture one(three(), level("0.3"), 2 * log(Ball(128)));
  CHECK(one.mass_outside().overlaps(near("1.68190403282368e-5")));
  CHECK(accurate_to(one.mass_outside(), 2));
  const TypicalMixture pieces(three(), level("0.02"), log(Ball(10)));
  CHECK(pieces.mass_outside().overlaps(near("0.0900962207092942")));
  CHECK(pieces.contains(Ball(-1)) == Truth::certainly);
  CHECK(pieces.contains(Ball(exact("-0.5"))) == Truth::certainly_not);
  CHECK(pieces.contains(Ball::around(Ball(-1), Ball(1))) == Truth::unknown);
  CHECK(pieces.range().contains(exact("2.15697")));
}

TEST_CASE("the quantile map against the flow of the ODE and against mpmath") {
  const PrecisionScope scope(128);
  const BallMixture<> from(three(), level("0.3"));
  const BallMixture<> up(three(), level("0.5"));
  const BallMixture<> down(three(), level("0.02"));
  const Ball x = Ball(exact("0.3"));
  CHECK(MixtureTransport(from, up)(x).overlaps(near("0.262283884418999563")));
  CHECK(MixtureTransport(from, down)(x).overlaps(near("0.376998004721391842")));
  // flow() works at the fixed signal of `from`: noise variance v = a tau'/(1-tau').
  const Level<Ball> here = level("0.3");
  const Ball v = here.abar;  // tau' = 1/2
  for (const char* at : {"-3.5", "-0.6", "2.4"}) {
    const Ball point = Ball(exact(at));
    const Ball by_ode =
        flow(three(), here.abar, point, here.noise, v) * sqrt(Ball(1) / 2 / here.abar);
    const Ball by_quantiles = MixtureTransport(from, up)(point);
    CHECK(by_quantiles.overlaps(by_ode));
    CHECK(accurate_to(by_quantiles, 8));
  }
  // A box goes to the interval between the images of its ends.
  const Ball box = Ball::around(x, Ball(exact("0.1")));
  const Ball image = MixtureTransport(from, up)(box);
  CHECK(image.contains(MixtureTransport(from, up)(Ball(exact("0.35")))));
  CHECK_FALSE(image.contains(MixtureTransport(from, up)(Ball(exact("0.42")))));
}

}  // namespace lemmabench
