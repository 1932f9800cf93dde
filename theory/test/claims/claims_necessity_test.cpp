#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "numerics/error.hpp"
#include "theory/claims/necessity.hpp"
#include "theory/claims/necessity_table.hpp"
#include "theory/test/product_case.hpp"

namespace lemmabench {
namespace {

Case of_name(const std::string& name) {
  for (const Case& c :
       {test::gauss_flat(), test::gauss_spread(), test::mixture_three(), test::mixture_near()}) {
    if (c.name == name) {
      return c;
    }
  }
  // The other cases of the records' controls stand in for each other.
  return name.starts_with("gauss") ? test::gauss_flat() : test::mixture_three();
}

TEST_CASE("the claims of necessity hold, proved, on Gaussians and mixtures") {
  test::NoLaboratory none;
  for (const Claim& claim : necessity_claims()) {
    for (const Case& subject :
         {test::gauss_flat(), test::gauss_spread(), test::mixture_three(), test::mixture_near()}) {
      CAPTURE(claim.id);
      CAPTURE(subject.name);
      const Outcome outcome = evaluate_claim(claim, subject, {}, none);
      if (claim.id == "N3-tv" && !subject.target()->gaussian()) {
        CHECK(outcome.verdict == Verdict::not_applicable);
        continue;
      }
      CHECK(outcome.verdict == Verdict::holds);
      CHECK(outcome.evidence == Evidence::proved);
      CHECK(outcome.comparisons >= 24);
    }
  }
}

TEST_CASE("every control of the claims of necessity is caught") {
  test::NoLaboratory none;
  for (const Claim& claim : necessity_claims()) {
    CHECK(claim.controls.size() >= 2);
    for (const Control& control : claim.controls) {
      if (control.case_name == "gauss-near-singular") {
        continue;  // its constant belongs to that case
      }
      CAPTURE(claim.id);
      CAPTURE(control.title);
      const Outcome outcome =
          evaluate_claim(claim, of_name(control.case_name), {}, none, control.overrides);
      CHECK(outcome.verdict == Verdict::violated);
    }
  }
}

// References: mpmath at 15 to 30 digits (E f^2 as a sum over the cells of the lattice, TV as the
// difference of distribution functions at the sign change), T = 1024, logit from -9 to 4:
//   b_2 = 0.000229969298581782588, eps_score = 0.8067787472853, TV of ddpm in one coordinate
//   0.00164093436876050474885 for l = 10 b_2 on N(0, 0.3); 2 b R/sqrt(alpha) =
//   0.00078545236438957 and erf(sqrt(b/2) R) = 0.0206583919239854 for d = 1.
TEST_CASE("eps_score, TV and the cap agree with independent computations") {
  const PrecisionScope precision(128);
  const LastStep flat = make_last_step(*test::gauss_flat().target());
  CHECK(to_decimal(flat.b(), 20).value == "0.00022996929858178258832");
  const Tampering how{.spacing = lattice_spacing(flat, 0)};
  const Ball eps = sqrt(flat.lattice_error(how));
  CHECK(eps.contains(Ball::exactly(0.8067787472853)));
  CHECK(eps.radius().to_double() < 0.002);

  const NecessityTable table = necessity_table("N1", test::gauss_flat(), {});
  const Quantity& ddpm = table.rows[0][3];
  CHECK(std::abs(ddpm.value() - 0.00164093436876050474885) < 1e-13);
  CHECK(ddpm.evidence() == Evidence::computed);

  const LastStep three = make_last_step(*test::mixture_three().target());
  const Ball cap = clip_cap(three, Ball(1), {});
  CHECK(to_decimal(cap, 14).value == "0.00078545236438957");
  CHECK(std::abs(three.shift_distance(cap).to_double() - 0.02065839192398533656) < 1e-16);
}

TEST_CASE("the slab's damage is a lower bound and not far below the truth on a Gaussian") {
  const PrecisionScope precision(256);
  const LastStep step = make_last_step(*test::gauss_flat().target());
  const Ball eps(Rational(1, 1000));
  const SlabError slab = slab_error(step, eps, Ball(1), Ball(1000));
  CHECK(Ball(1000).less_than(slab.damage) == Truth::certainly);
  // Y_mid is N(0, u'^2 w_2 + sigma^2); the slab ends where the lower bound's intervals end.
  const BallMixture<>& at2 = step.first().at2;
  const Ball sigma = step.mid_noise(Ball(1));
  const Ball sd =
      sqrt(step.least_slope(step.first()) * step.least_slope(step.first()) * at2.variance(0) +
           sigma * sigma);
  const Ball length = at2.variance(0) / slab.distance;
  const Ball low = step.ddim(step.first(), slab.point) + slab.mid_shift;
  const Ball high = step.ddim(step.first(), slab.point + length) + slab.mid_shift + length;
  const Ball hit = normal_interval_probability(sd, low, high);
  const Ball scale = step.b() / step.alpha() * slab.push;
  const Ball truth = scale * scale * hit;
  CHECK(slab.damage.less_than(truth) == Truth::certainly);
  CHECK(truth.less_than(slab.damage * Ball(1000)) == Truth::certainly);
  // A^2 P(X_1 in B) = eps^2 T.
  const Ball mass = interval_probability(step.first().at1, low, high);
  CHECK((slab.push * slab.push * mass).overlaps(eps * eps * Ball(1024)));
}

TEST_CASE("tables show the fragile sampler break while the robust ones follow eps_score") {
  const NecessityTable lattice = necessity_table("N1", test::mixture_three(), {});
  REQUIRE(lattice.rows.size() == 7);
  for (std::size_t k = 0; k < lattice.rows.size(); ++k) {
    const auto& row = lattice.rows[k];
    REQUIRE(row.size() == lattice.columns.size());
    CHECK(row[1].value() > 1 - 1e-12);        // ddim
    CHECK(row[3].value() <= row[2].value());  // ddpm: computed below proved
    CHECK(row[5].value() <= row[4].value());  // li-cai
    CHECK(row[3].value() > 0);
    if (k > 0) {
      CHECK(row[0].value() < 0.11 * lattice.rows[k - 1][0].value());
      CHECK(row[3].value() < 0.11 * lattice.rows[k - 1][3].value());
    }
  }
  const NecessityTable noise = necessity_table("N2", test::gauss_flat(), {});
  CHECK(noise.rows.back()[2].value() > 1 - 1e-12);
  CHECK(noise.rows.back()[4].value() <= noise.rows.back()[3].value());
  const NecessityTable clip = necessity_table("N3", test::gauss_spread(), {});
  CHECK(clip.rows.back()[4].value() > 1e6);
  CHECK(clip.rows.back()[5].value() < 1);
  CHECK_THROWS_AS(necessity_table("N4", test::gauss_flat(), {}), InputError);
}

TEST_CASE("what floor cannot decide is left open, not guessed") {
  const PrecisionScope precision(128);
  const Ball spacing(Rational(1, 10));
  CHECK(lattice_point(Ball(Rational(37, 100)), spacing).contains(Rational(3, 10)));
  const Ball straddles = Ball::around(Ball(Rational(3, 10)), Ball(Rational(1, 1000)));
  const Ball both = lattice_point(straddles, spacing);
  CHECK(both.contains(Rational(2, 10)));
  CHECK(both.contains(Rational(3, 10)));
}

}  // namespace
}  // namespace lemmabench
