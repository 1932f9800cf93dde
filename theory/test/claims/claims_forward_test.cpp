#include <doctest/doctest.h>

#include "theory/claims/forward.hpp"
#include "theory/test/claims/forward_verdicts.hpp"

namespace lemmabench {
namespace {

/// On a Gaussian and on a mixture, with all controls.
void stands(const Claim& claim) {
  test::holds(claim, Evidence::proved, {test::gauss_spread(), test::mixture_near()});
  test::controls_are_caught(claim, "");
}

TEST_CASE("F1, Tweedie") { stands(claim_f1()); }
TEST_CASE("F2, second order") { stands(claim_f2()); }
TEST_CASE("F3, moments of the score") { stands(claim_f3()); }
TEST_CASE("F4, heat equation") { stands(claim_f4()); }
TEST_CASE("F5, density along the flow") { stands(claim_f5()); }
TEST_CASE("F6, score along the flow") { stands(claim_f6()); }
TEST_CASE("F7, de Bruijn") { stands(claim_f7()); }

// On mixtures: claims_forward_slow_test.cpp.
TEST_CASE("F8, stochastic localisation on Gaussians") {
  test::holds(claim_f8(), Evidence::proved, {test::gauss_spread(), test::gauss_shifted()});
  test::controls_are_caught(claim_f8(), "gauss");
}
TEST_CASE("F9, sums over the levels on Gaussians") {
  for (const Claim& claim : {claim_f9(), claim_f9_sigma()}) {
    test::holds(claim, Evidence::computed, {test::gauss_spread(), test::gauss_power_law()});
    test::controls_are_caught(claim, "gauss");
  }
}
TEST_CASE("F10, transport on Gaussians") {
  test::holds(claim_f10(), Evidence::proved, {test::gauss_spread(), test::gauss_shifted()});
  test::controls_are_caught(claim_f10(), "gauss");
}

TEST_CASE("no claim of the family is about Student laws") {
  const Case heavy{"student-t:dim=10,nu=3", "heavy",
                   TargetCase{"", RadialLaw{StudentLaw{10, Rational(3)}}}};
  for (const Claim& claim : forward_claims()) {
    CHECK(test::judge(claim, heavy).verdict == Verdict::not_applicable);
    CHECK(claim.family() == 'F');
  }
}

}  // namespace
}  // namespace lemmabench
