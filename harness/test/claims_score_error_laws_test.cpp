#include <doctest/doctest.h>

#include <algorithm>

#include "harness/ledger/claim_cases.hpp"
#include "harness/ledger/laboratory.hpp"
#include "theory/claims/score_error.hpp"

namespace lemmabench {
namespace {

const Case& case_of(const std::string& name) {
  const auto& cases = claim_cases();
  return *std::find_if(cases.begin(), cases.end(), [&](const Case& c) { return c.name == name; });
}

std::vector<Claim> claims_of_laws() {
  std::vector<Claim> out = score_error_claims();
  out.erase(out.begin());  // E1 asks no laws
  return out;
}

TEST_CASE("the claims of family E hold on a Gaussian, all but the trend proved") {
  ExactLaboratory laboratory;
  for (const Claim& claim : claims_of_laws()) {
    CAPTURE(claim.id);
    const Outcome outcome = evaluate_claim(claim, case_of("gauss-flat"), {}, laboratory);
    CHECK(outcome.verdict == Verdict::holds);
    CHECK((outcome.evidence == Evidence::proved) == (claim.id != "E2-constant"));
  }
}

}  // namespace
}  // namespace lemmabench
