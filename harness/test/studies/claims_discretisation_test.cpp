#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "harness/studies/claims/claim_cases.hpp"
#include "harness/studies/claims/exact_laboratory.hpp"
#include "theory/claims/law_questions.hpp"

namespace lemmabench {
namespace {

const Case& case_of(const std::string& name) {
  const auto& cases = claim_cases();
  return *std::find_if(cases.begin(), cases.end(), [&](const Case& c) { return c.name == name; });
}

/// One laboratory for all tests, so that laws are computed once.
Laboratory& laboratory() {
  static ExactLaboratory kLaboratory;
  return kLaboratory;
}

/// Verdicts that rest on a trend or a fit are never more than computed.
bool judged(const std::string& id) {
  const std::vector<std::string> ids{"D2",       "D2-momentum",  "D2-ddpm",  "D5", "D5-momentum",
                                     "D5-score", "D6",           "D6-score", "D7", "D8",
                                     "D9",       "D9-posterior", "D9-ddpm"};
  return std::find(ids.begin(), ids.end(), id) != ids.end();
}

void check_on_gaussian(const char* name) {
  for (const Claim& claim : discretisation_claims()) {
    CAPTURE(claim.id);
    const Outcome outcome = evaluate_claim(claim, case_of(name), {}, laboratory());
    CHECK(outcome.verdict == Verdict::holds);
    CHECK((outcome.evidence == Evidence::proved) != judged(claim.id));
  }
}

TEST_CASE("family D holds on a flat Gaussian; what is no trend is proved") {
  check_on_gaussian("gauss-flat");
}

TEST_CASE("family D holds on a Gaussian off the origin; what is no trend is proved") {
  check_on_gaussian("gauss-shifted");
}

TEST_CASE("D4 and D8 on laws a thousand dimensions and ten thousand steps away from each other") {
  // TV is 1 to 48 digits at T = 128, and ddpm needs more steps than the search tries.
  const Case far = make_target_case("gaussian:dim=8000,variance=1e-6", "test");
  for (const Claim& claim : discretisation_claims()) {
    if (claim.id == "D4" || claim.id == "D8") {
      CAPTURE(claim.id);
      const Outcome outcome = evaluate_claim(claim, far, {}, laboratory());
      CHECK(outcome.verdict == Verdict::holds);
      const bool said =
          std::any_of(outcome.notes.begin(), outcome.notes.end(), [](const std::string& note) {
            return note.find("more than 16384 (ddpm)") != std::string::npos ||
                   note.find("TV is 1 to within its error") != std::string::npos;
          });
      CHECK(said);
    }
  }
}

void check_controls(const std::string& first, const std::string& last) {
  for (const Claim& claim : discretisation_claims()) {
    CHECK_FALSE(claim.controls.empty());
    for (const Control& control : claim.controls) {
      const std::string group = claim.id.substr(0, 2);
      if (case_of(control.case_name).target()->gaussian() && first <= group && group <= last) {
        CAPTURE(claim.id);
        CAPTURE(control.title);
        CHECK(evaluate_claim(claim, case_of(control.case_name), {}, laboratory(), control.overrides)
                  .verdict == Verdict::violated);
      }
    }
  }
}

TEST_CASE("D1 to D4: every control on a Gaussian is caught") { check_controls("D1", "D4"); }
TEST_CASE("D5 to D9: every control on a Gaussian is caught") { check_controls("D5", "D9"); }

TEST_CASE("D1, D2-order and D3 are proved on mixtures") {
  for (const Claim& claim : discretisation_claims()) {
    if (claim.id == "D1" || claim.id == "D2-order" || claim.id == "D3") {
      CAPTURE(claim.id);
      const Outcome outcome = evaluate_claim(claim, case_of("mixture-near"), {}, laboratory());
      CHECK(outcome.verdict == Verdict::holds);
      CHECK(outcome.evidence == Evidence::proved);
    }
  }
}

TEST_CASE("family D does not apply to heavy tails, and D9 not to mixtures") {
  for (const Claim& claim : discretisation_claims()) {
    CAPTURE(claim.id);
    CHECK(evaluate_claim(claim, case_of("student-t:dim=1,nu=3"), {}, laboratory()).verdict ==
          Verdict::not_applicable);
    if (claim.id.substr(0, 2) == "D9") {
      CHECK(evaluate_claim(claim, case_of("mixture-near"), {}, laboratory()).verdict ==
            Verdict::not_applicable);
    }
  }
}

TEST_CASE("every record that names a reconstruction says so") {
  for (const Claim& claim : discretisation_claims()) {
    const std::string all = claim.statement + claim.left + claim.right;
    bool names = all.find("li-cai") != std::string::npos;
    for (const Parameter& p : claim.parameters) {
      names = names || p.value.find("li-cai") != std::string::npos;
    }
    if (names) {
      CAPTURE(claim.id);
      CHECK((claim.reference + claim.left).find("reconstruction") != std::string::npos);
    }
  }
}

TEST_CASE("copies of a Gaussian multiply its multiplicities") {
  const ProductLaw& shifted = *case_of("gauss-shifted").target()->product();
  CHECK(copies_of(shifted, 4) == "gaussian:spectrum=0.5x12,mean=1");
  const ProductLaw& spread = *case_of("gauss-spread").target()->product();
  CHECK(copies_of(spread, 16) == "gaussian:spectrum=0.25x32+4x32");
}

}  // namespace
}  // namespace lemmabench
