#include <doctest/doctest.h>

#include "theory/claims/claim.hpp"
#include "theory/test/product_case.hpp"

namespace lemmabench {
namespace {

Outcome outcome_of(std::string_view id, const Case& subject) {
  test::NoLaboratory none;
  for (const Claim& claim : all_claims()) {
    if (claim.id == id) {
      return evaluate_claim(claim, subject, {}, none);
    }
  }
  throw std::logic_error("no such claim");
}

Case two_modes(const char* mean, const char* variance) {
  const std::string low = std::string("-") + mean;
  return test::product_case(std::string("modes at +-") + mean + ", variance " + variance,
                            {{{{"1/2", low, variance}, {"1/2", mean, variance}}, 1}});
}

}  // namespace

// All of these are true: holds or open, never violated.
TEST_CASE("extremes: modes of 1e-16, one Gaussian in disguise, a mode of weight 1e-30") {
  const std::string rest = "0." + std::string(30, '9');
  for (const Case& subject :
       {two_modes("1", "1e-16"), two_modes("0", "1"), two_modes("1e-8", "1"),
        two_modes("1/2", "3/4"),
        test::product_case("a mode of 1e-30", {{{{"1e-30", "-3", "0.1"}, {rest, "0", "1"}}, 1}})}) {
    for (const char* id : {"F1", "F3", "T1", "T2", "I1"}) {
      CAPTURE(subject.name);
      CAPTURE(std::string(id));
      const Outcome outcome = outcome_of(id, subject);
      CHECK((outcome.verdict == Verdict::holds || outcome.verdict == Verdict::inconclusive));
      CHECK_FALSE(outcome.reason.empty());
    }
  }
}

// C0 of F9 was said to approach a limit where all that is known of it is an interval around 0.
TEST_CASE("extremes: F9 between modes of 1e-16 is open where its constant is not enclosed") {
  const Outcome outcome = outcome_of("F9", two_modes("1", "1e-16"));
  CHECK(outcome.verdict == Verdict::inconclusive);
  CHECK(outcome.reason.starts_with("the constants are not told from 0"));
}

// Without a budget these went on for many minutes.
TEST_CASE("extremes: the budget ends what a mode of 1e-60 beside one of 1 would not") {
  const Case subject =
      test::product_case("1e-60 beside 1", {{{{"1/2", "-5", "1e-60"}, {"1/2", "5", "1"}}, 1}});
  for (const char* id : {"F1", "F3"}) {
    CAPTURE(std::string(id));
    const Outcome outcome = outcome_of(id, subject);
    CHECK(outcome.verdict == Verdict::inconclusive);
    CHECK(outcome.reason.find("budget") != std::string::npos);
    CHECK_FALSE(outcome.precision_may_help);
  }
}

// The same count of evaluations on every machine, and so the same text.
TEST_CASE("extremes: running out of the budget gives the same outcome each time") {
  const Case subject =
      test::product_case("modes of 1e-60", {{{{"1/2", "-1", "1e-60"}, {"1/2", "1", "1e-60"}}, 1}});
  const Outcome first = outcome_of("T4", subject);
  const Outcome second = outcome_of("T4", subject);
  CHECK(first.verdict == Verdict::inconclusive);
  CHECK(first.reason == second.reason);
  CHECK(first.comparisons == second.comparisons);
  CHECK(first.place == second.place);
}

}  // namespace lemmabench
