// What the ledger makes of many cases of one claim, and of an evaluation that breaks off.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "harness/studies/claims/claim_cases.hpp"
#include "harness/studies/claims/exact_laboratory.hpp"
#include "harness/studies/claims/verification.hpp"
#include "numerics/error.hpp"

using namespace lemmabench;

TEST_CASE("ledger: a claim's constant is the largest over its cases") {
  LedgerRequest request{};
  request.claims = std::string("S2");
  const Ledger ledger = run_ledger(request);
  REQUIRE(ledger.claims.size() == 1);
  REQUIRE(ledger.claims.front().constant);
  double largest = 0;
  double smallest = HUGE_VAL;
  for (const LedgerRow& row : ledger.rows) {
    if (row.outcome.constant) {
      largest = std::max(largest, row.outcome.constant->value());
      smallest = std::min(smallest, row.outcome.constant->value());
    }
  }
  REQUIRE(smallest < largest);
  CHECK(ledger.claims.front().constant->value() == largest);
}

TEST_CASE("ledger: a trend of the points before an error is no refutation") {
  Claim claim = all_claims().front();
  const auto schedule =
      std::find_if(claim_cases().begin(), claim_cases().end(),
                   [](const Case& subject) { return subject.schedule() != nullptr; });
  claim.hypotheses.clear();
  static bool breaks_off = false;  // a claim's evaluator is a plain function
  const auto evaluate = [&](bool with_error) {
    breaks_off = with_error;
    claim.evaluate = [](const Trial&, Comparisons& out) {
      for (const long steps : {100L, 200L, 400L, 800L}) {
        out.constant(Proved{sqrt(Ball(steps))}, Proved{Ball(1)}, 1, {.steps = steps});
      }
      if (breaks_off) throw EngineRefusal("T = 1600 is refused");
      return Coverage::instances(4, "values of T");
    };
    ExactLaboratory laboratory;
    return evaluate_claim(claim, *schedule, {}, laboratory);
  };
  CHECK(evaluate(false).verdict == Verdict::violated);
  const Outcome open = evaluate(true);
  CHECK(open.verdict == Verdict::inconclusive);
  CHECK(open.reason == "T = 1600 is refused");
}
