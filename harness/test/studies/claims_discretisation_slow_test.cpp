#include <doctest/doctest.h>

#include <algorithm>

#include "harness/studies/claims/claim_cases.hpp"
#include "harness/studies/claims/exact_laboratory.hpp"
#include "theory/claims/law_questions.hpp"

namespace lemmabench {
namespace {

const Case& case_of(const std::string& name) {
  const auto& cases = claim_cases();
  return *std::find_if(cases.begin(), cases.end(), [&](const Case& c) { return c.name == name; });
}

TEST_CASE("family D on two overlapping modes") {
  ExactLaboratory laboratory;
  for (const Claim& claim : discretisation_claims()) {
    if (claim.id.substr(0, 2) != "D9") {
      CAPTURE(claim.id);
      CHECK(evaluate_claim(claim, case_of("mixture-near"), {}, laboratory).verdict ==
            Verdict::holds);
    }
  }
}

TEST_CASE("family D: every control on a mixture is caught") {
  ExactLaboratory laboratory;
  for (const Claim& claim : discretisation_claims()) {
    for (const Control& control : claim.controls) {
      if (!case_of(control.case_name).target()->gaussian()) {
        CAPTURE(claim.id);
        CAPTURE(control.title);
        CHECK(evaluate_claim(claim, case_of(control.case_name), {}, laboratory, control.overrides)
                  .verdict == Verdict::violated);
      }
    }
  }
}

}  // namespace
}  // namespace lemmabench
