#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "harness/law/law.hpp"
#include "harness/studies/claims/claim_cases.hpp"
#include "harness/studies/claims/exact_laboratory.hpp"
#include "harness/test/law_request.hpp"
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

TEST_CASE("the path divergence of a mixture of equal Gaussians is the Gaussian law's") {
  const CoordinateLaw::Component half{Rational(1, 2), Rational(1), Rational(3, 10)};
  const double mixture = ddpm_mixture_path_kl({{half, half}, 1}, 128, 1e-7);
  const LawRequest request = request_for("gaussian:dim=1,variance=0.3,mean=1", "ddpm", 128);
  const LawResult law = compute_law(request, {});
  REQUIRE(law.parts.path_kl);
  CHECK(std::abs(mixture / law.parts.path_kl->value() - 1) < 1e-6);
}

}  // namespace
}  // namespace lemmabench
