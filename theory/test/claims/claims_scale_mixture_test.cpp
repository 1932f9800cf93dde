#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "theory/claims/forward.hpp"
#include "theory/claims/typicality.hpp"
#include "theory/test/claims/forward_verdicts.hpp"

/// The claims of families F and T on finite scale mixtures in R^d.
namespace lemmabench {
namespace {

/// The law of two_scale_line() as a mixture on the line.
Case same_on_the_line() {
  return test::product_case("line", {{{{"1/2", "0", "0.05"}, {"1/2", "0", "1"}}, 1}});
}

std::vector<Claim> claims_with(const std::vector<std::string>& ids) {
  std::vector<Claim> out;
  for (const std::vector<Claim>& family : {forward_claims(), typicality_claims()}) {
    for (const Claim& claim : family) {
      for (const std::string& id : ids) {
        if (claim.id == id) {
          out.push_back(claim);
        }
      }
    }
  }
  return out;
}

}  // namespace

TEST_CASE("F1 and F4 to F6 are proved in sixteen dimensions, and their false twins refuted") {
  for (const Claim& claim : claims_with({"F1", "F4", "F5", "F6"})) {
    test::holds(claim, Evidence::proved, {test::two_scale_sixteen()});
    test::controls_are_caught(claim, "two-scale");
  }
}

TEST_CASE("in d = 1 a typical ball needs the constants of the mixture on the line") {
  for (const Claim& claim : claims_with({"T2", "T3"})) {
    CAPTURE(claim.id);
    const Outcome ball = test::judge(claim, test::two_scale_line());
    const Outcome line = test::judge(claim, same_on_the_line());
    REQUIRE(ball.constant);
    REQUIRE(line.constant);
    CHECK(ball.verdict == Verdict::holds);
    CHECK(ball.evidence == Evidence::proved);
    CHECK(ball.constant->interval().overlaps(line.constant->interval()));
    // Both are enclosed to half a percent.
    CHECK(ball.constant->error() < 0.005 * ball.constant->value());
  }
}

TEST_CASE("a claim that is not decided on scale mixtures says so") {
  for (const Claim& claim : claims_with({"T2-singular"})) {
    const Outcome outcome = test::judge(claim, test::two_scale_sixteen());
    CHECK(outcome.verdict == Verdict::not_applicable);
    CHECK_FALSE(outcome.reason.empty());
  }
}

}  // namespace lemmabench
