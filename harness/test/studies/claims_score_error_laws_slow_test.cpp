#include <doctest/doctest.h>

#include <algorithm>

#include "harness/studies/claims/claim_cases.hpp"
#include "harness/studies/claims/exact_laboratory.hpp"
#include "theory/claims/score_error.hpp"

namespace lemmabench {
namespace {

const Case& case_of(const std::string& name) {
  const auto& cases = claim_cases();
  return *std::find_if(cases.begin(), cases.end(), [&](const Case& c) { return c.name == name; });
}

TEST_CASE("family E on mixtures: verdicts, and controls caught") {
  ExactLaboratory laboratory;
  for (const Claim& claim : score_error_claims()) {
    CAPTURE(claim.id);
    const Outcome outcome = evaluate_claim(claim, case_of("mixture-near"), {}, laboratory);
    CHECK(outcome.verdict == Verdict::holds);
    CHECK((outcome.evidence == Evidence::proved) == (claim.id == "E1"));
    for (const Control& control : claim.controls) {
      if (case_of(control.case_name).target()->line_mixture()) {
        CAPTURE(control.title);
        CHECK(evaluate_claim(claim, case_of(control.case_name), {}, laboratory, control.overrides)
                  .verdict == Verdict::violated);
      }
    }
  }
}

TEST_CASE("family E off the origin and on a wide spectrum") {
  ExactLaboratory laboratory;
  for (const Claim& claim : score_error_claims()) {
    for (const char* name : {"gauss-shifted", "gauss-near-singular"}) {
      CAPTURE(claim.id);
      CAPTURE(name);
      const Outcome outcome = evaluate_claim(claim, case_of(name), {}, laboratory);
      CHECK(outcome.verdict == Verdict::holds);
      CHECK((outcome.evidence == Evidence::proved) == (claim.id != "E2-constant"));
    }
  }
}

TEST_CASE("the controls of family E on Gaussians are caught") {
  ExactLaboratory laboratory;
  for (const Claim& claim : score_error_claims()) {
    long caught = 0;
    for (const Control& control : claim.controls) {
      if (!case_of(control.case_name).target()->gaussian()) {
        continue;
      }
      CAPTURE(claim.id);
      CAPTURE(control.title);
      const Outcome outcome =
          evaluate_claim(claim, case_of(control.case_name), {}, laboratory, control.overrides);
      CHECK(outcome.verdict == Verdict::violated);
      ++caught;
    }
    CHECK(caught >= 1);
  }
}

}  // namespace
}  // namespace lemmabench
