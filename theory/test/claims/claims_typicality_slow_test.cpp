#include <doctest/doctest.h>

#include <cmath>

#include "theory/claims/typicality.hpp"
#include "theory/test/claims/typicality_cases.hpp"

namespace lemmabench {
namespace {

const std::vector<Claim>& claims() {
  static const std::vector<Claim> kClaims = typicality_claims();
  return kClaims;
}

Outcome evaluate(const std::string& id, const Case& subject) {
  test::NoLaboratory none;
  return evaluate_claim(test::claim_with(claims(), id), subject, {}, none);
}

}  // namespace

TEST_CASE("on mixtures T1 to T4 are proved and T5 to T8 have bounded constants") {
  for (const Claim& claim : claims()) {
    if (claim.id.size() > 2) {
      continue;  // T2-singular and its twin are about Gaussians
    }
    CAPTURE(claim.id);
    const Outcome outcome = evaluate(claim.id, test::far_mixture());
    CHECK(outcome.verdict == Verdict::holds);
    CHECK((outcome.evidence == Evidence::proved) == (claim.id < "T5"));
  }
}

// Half-way between the modes of mixture-far, x = 0: tr(I-J) = a v/w + 4 a tau/w^2 with a = abar,
// v = 0.16, w = a v + tau (posterior weights 1/2 each, variance of Z between them 4 a tau/w^2). It
// is typical when 2 a/w + log(2 pi w)/2 <= 2 log T. The level where that becomes an equality has
// the largest trace; the sampled ones come within 5 %.
TEST_CASE("T3's worst point on two far modes is half-way between them") {
  const Outcome outcome = evaluate("T3", test::far_mixture());
  double best = 0;
  for (double tau = 0.001; tau < 0.999; tau += 0.0005) {
    const double a = 1 - tau;
    const double w = a * 0.16 + tau;
    const double log_steps = std::log(128.0);
    if (2 * a / w + std::log(2 * 3.141592653589793 * w) / 2 <= 2 * log_steps) {
      best = std::max(best, (a * 0.16 / w + 4 * a * tau / (w * w)) / (4 * log_steps));
    }
  }
  REQUIRE(outcome.constant);
  CHECK(outcome.constant->value() < best * 1.003);
  CHECK(outcome.constant->value() > best * 0.95);
  CHECK(outcome.constant_place.find("T = 128") != std::string::npos);
}

TEST_CASE("heavy tails are typical but for what the second moment allows") {
  for (const Case& subject : {test::student(1, "2.1"), test::student(3, "4")}) {
    const Outcome outcome = evaluate("T1", subject);
    CHECK(outcome.verdict == Verdict::holds);
    CHECK(outcome.evidence == Evidence::proved);
  }
}

TEST_CASE("controls on mixtures and heavy tails are caught") {
  test::NoLaboratory none;
  for (const Claim& claim : claims()) {
    for (const Control& control : claim.controls) {
      if (!control.case_name.starts_with("gauss")) {
        CAPTURE(claim.id);
        CAPTURE(control.title);
        CHECK(
            evaluate_claim(claim, test::case_named(control.case_name), {}, none, control.overrides)
                .verdict == Verdict::violated);
      }
    }
  }
}

}  // namespace lemmabench
