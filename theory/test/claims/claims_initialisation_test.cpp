#include <doctest/doctest.h>

#include <cmath>

#include "theory/test/claims/typicality_cases.hpp"

namespace lemmabench {
namespace {

const Claim& claim(const std::string& id) {
  static const std::vector<Claim> kClaims = initialisation_claims();
  return test::claim_with(kClaims, id);
}

Outcome evaluate(const std::string& id, const Case& subject,
                 const std::map<std::string, std::string>& twist = {}) {
  test::NoLaboratory none;
  return evaluate_claim(claim(id), subject, {}, none, twist);
}

}  // namespace

TEST_CASE("I1 is proved on Gaussians and mixtures") {
  for (const Case& subject :
       {test::gauss_flat(), test::shifted_gaussian(), test::mixture_three(), test::far_mixture()}) {
    CAPTURE(subject.name);
    const Outcome outcome = evaluate("I1", subject);
    CHECK(outcome.verdict == Verdict::holds);
    CHECK(outcome.evidence == Evidence::proved);
    REQUIRE(outcome.constant);
    CHECK(outcome.constant->value() < 0.5);
    // Four T (and for each four c0) of all there are.
    CHECK_FALSE(outcome.proves());
    CHECK(worth(outcome) == "proved on 16 instances");
    CHECK(outcome.constant->error() < 1e-4 * outcome.constant->value());
  }
}

// gauss-shifted, d = 3, mean 1, variance 1/2: KL = (3/2)(a + w - 1 - log w) with w = 1 - a/2, so
// that KL/(abar E||X_0||^2 + ...) -> (3/2) a/(4.5 a) = 1/3 as a -> 0.
TEST_CASE("I1's smallest constant on a Gaussian with a mean is 1/3 in the limit") {
  const Outcome outcome = evaluate("I1", test::shifted_gaussian());
  CHECK(std::abs(outcome.constant->value() - 1.0 / 3) < 1e-6);
}

TEST_CASE("I2 is proved for nu in (2, 4]") {
  for (const Case& subject : {test::student(1, "2.1"), test::student(10, "3")}) {
    CAPTURE(subject.name);
    const Outcome outcome = evaluate("I2", subject);
    CHECK(outcome.verdict == Verdict::holds);
    CHECK(outcome.evidence == Evidence::proved);
  }
}

TEST_CASE("what I1 and I2 do not apply to") {
  CHECK(evaluate("I1", test::student(1, "3")).reason ==
        "the target is no finite mixture of Gaussians; see I2");
  CHECK(evaluate("I2", test::gauss_flat()).reason == "all moments are finite; see I1");
  CHECK(evaluate("I2", test::student(1, "1.9")).reason == "E||X_0||^2 is infinite (nu = 1.9)");
  CHECK(evaluate("I2", test::student(1, "5")).reason == "nu = 5 is above 4");
}

// N(50, 1): KL = abar 50^2/2 exactly, half of the bound's first term, and TV = 1 - 1e-8 at T = 128,
// c0 = 1. An exponent of TV between saturated values said "violated".
TEST_CASE("I1 holds far out, where TV is still 1 at the first T") {
  const Case far = test::product_case("far", {{{{"1", "50", "1"}}, 1}});
  const Outcome outcome = evaluate("I1", far);
  CAPTURE(outcome.reason);
  CHECK(outcome.verdict == Verdict::holds);
  CHECK(outcome.evidence == Evidence::proved);
}

TEST_CASE("I1 holds on N(0, 1) itself, where KL and TV are 0") {
  const Case normal = test::product_case("normal", {{{{"1", "0", "1"}}, 3}});
  const Outcome outcome = evaluate("I1", normal);
  CAPTURE(outcome.reason);
  CHECK(outcome.verdict == Verdict::holds);
}

// Mean 0 and variance 1 as N(0, 1), or N(0, 1) in two pieces: the zeros of p - phi cannot be
// isolated.
TEST_CASE("I1 ends on mixtures close or equal to N(0, 1)") {
  for (const Case& subject :
       {test::product_case("close", {{{{"1/2", "-1/2", "3/4"}, {"1/2", "1/2", "3/4"}}, 1}}),
        test::product_case("equal", {{{{"1/2", "0", "1"}, {"1/2", "0", "1"}}, 1}}),
        test::product_case("one", {{{{"1", "0", "1"}}, 1}})}) {
    CAPTURE(subject.name);
    const Outcome outcome = evaluate("I1", subject);
    CAPTURE(outcome.reason);
    CHECK(outcome.verdict == Verdict::holds);
  }
}

TEST_CASE("every control of I1 and I2 is caught") {
  for (const char* id : {"I1", "I2"}) {
    for (const Control& control : claim(id).controls) {
      CAPTURE(control.title);
      CHECK(evaluate(id, test::case_named(control.case_name), control.overrides).verdict ==
            Verdict::violated);
    }
  }
}

}  // namespace lemmabench
