#include <doctest/doctest.h>

#include <cmath>

#include "theory/claims/typicality.hpp"
#include "theory/test/claims/typicality_cases.hpp"

namespace lemmabench {
namespace {

const Claim& claim(const std::string& id) {
  static const std::vector<Claim> kClaims = typicality_claims();
  return test::claim_with(kClaims, id);
}

Outcome evaluate(const std::string& id, const Case& subject,
                 const std::map<std::string, std::string>& twist = {}) {
  test::NoLaboratory none;
  return evaluate_claim(claim(id), subject, {}, none, twist);
}

}  // namespace

TEST_CASE("the claims about typical sets come in the order of theory.md section 6") {
  std::string order;
  for (const Claim& c : typicality_claims()) {
    order += c.id + " ";
    CHECK_FALSE(c.controls.empty());
  }
  CHECK(order == "T1 T2 T2-singular T2-corrected T3 T4 T5 T6 T7 T8 ");
}

TEST_CASE("on Gaussians the claims with explicit constants are proved") {
  for (const char* id : {"T1", "T2", "T3", "T4", "T2-corrected"}) {
    CAPTURE(id);
    const Outcome outcome = evaluate(id, test::gauss_spread());
    CHECK(outcome.verdict == Verdict::holds);
    CHECK(outcome.evidence == Evidence::proved);
    CHECK(outcome.comparisons >= 1024);
    REQUIRE(outcome.constant);
  }
}

TEST_CASE("on Gaussians the universal constants do not grow with T or d") {
  for (const char* id : {"T5", "T6", "T7", "T8"}) {
    CAPTURE(id);
    const Outcome outcome = evaluate(id, test::gauss_spread());
    CHECK(outcome.verdict == Verdict::holds);
    CHECK(outcome.constants.size() >= 4);
  }
}

// gauss-flat at T = 1024, t = 1024, where abar = 2^-20: w = 1 up to 1e-6, so that
// sup ||s||^2/(4 d log T) = (4 d log T - d log(2 pi))/(4 d log T) = 1 - log(2 pi)/(4 log 1024).
TEST_CASE("T2's smallest constant on a Gaussian is that of pure noise") {
  const Outcome outcome = evaluate("T2", test::gauss_flat());
  const double expected = std::sqrt(1 - std::log(2 * 3.141592653589793) / (4 * std::log(1024.0)));
  CHECK(std::abs(outcome.constant->value() - expected) < 1e-6);
  CHECK(outcome.constant->error() < 1e-6);
}

TEST_CASE("controls on Gaussians are caught") {
  for (const char* id : {"T2-singular", "T2-corrected", "T4", "T5", "T6", "T7"}) {
    for (const Control& control : claim(id).controls) {
      if (control.case_name.starts_with("gauss")) {
        CAPTURE(control.title);
        CHECK(evaluate(id, test::case_named(control.case_name), control.overrides).verdict ==
              Verdict::violated);
      }
    }
  }
}

TEST_CASE("T2 with c0 of abar_T is refuted on singular data") {
  const Outcome outcome = evaluate("T2-singular", test::gauss_flat());
  CHECK(outcome.verdict == Verdict::violated);
  CHECK(outcome.evidence == Evidence::proved);
  CHECK(claim("T2-singular").finding == 3);
  CHECK(claim("T2-corrected").corrects == "T2-singular");
  CHECK(evaluate("T2-corrected", test::gauss_spread()).verdict == Verdict::holds);
}

TEST_CASE("hypotheses that fail are named") {
  const Outcome infinite = evaluate("T1", test::student(1, "1.9"));
  CHECK(infinite.verdict == Verdict::not_applicable);
  CHECK(infinite.reason == "E||X_0||^2 is infinite (nu = 1.9)");
  CHECK(evaluate("T5", test::student(1, "3")).verdict == Verdict::not_applicable);
  const Case wide = test::product_case("wide", {{{{"1", "0", "200"}}, 1}});
  CHECK(evaluate("T2", wide).verdict == Verdict::not_applicable);
}

}  // namespace lemmabench
