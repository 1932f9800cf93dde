#include "reports/junit/verification_junit.hpp"

#include <fmt/format.h>

#include "reports/junit/junit.hpp"
#include "reports/text/verification_text.hpp"

namespace lemmabench {
namespace {

JunitCase case_of(const LedgerRow& row, bool accept_findings) {
  const Outcome& o = row.outcome;
  const Claim& claim = *row.claim;
  JunitCase test{fmt::format("lemmabench.{}.{}", claim.family(), row.subject->name),
                 claim.id + " " + claim.title};
  if (o.verdict != Verdict::not_applicable) {
    test.properties.emplace_back("worth", worth(o));
    if (o.coverage) test.properties.emplace_back("covers", o.coverage->what());
  }
  const bool expected = accept_findings && claim.finding != 0 && o.verdict == Verdict::violated;
  if (expected) {
    test.skipped = fmt::format("refuted, as finding {} tells: {}", claim.finding, o.reason);
  } else if (o.verdict == Verdict::not_applicable) {
    test.skipped = o.reason;
  } else if (o.verdict != Verdict::holds) {
    test.failure = {std::string(name(o.verdict)), o.reason,
                    fmt::format("where: {}\nleft:  {}\nright: {}\nrepeat: {}", o.place,
                                short_quantity(o.left), short_quantity(o.right), row.command)};
  }
  return test;
}

JunitSuite controls_suite(const Ledger& ledger) {
  JunitSuite suite{"negative controls must be violated"};
  for (const ControlRow& row : ledger.controls) {
    JunitCase test{"lemmabench.controls." + row.control->case_name,
                   row.claim->id + " " + row.control->title};
    if (!row.caught()) {
      test.failure = {
          "not caught", "the negative control was not found violated",
          fmt::format("came out {}: {}", name(row.outcome.verdict), row.outcome.reason)};
    }
    suite.cases.push_back(test);
  }
  return suite;
}

}  // namespace

std::string ledger_junit(const Ledger& ledger, bool accept_findings) {
  std::vector<JunitSuite> suites;
  for (const LedgerRow& row : ledger.rows) {
    const std::string name =
        fmt::format("{}: {}", row.claim->family(), family_title(row.claim->family()));
    if (suites.empty() || suites.back().name != name) {
      suites.push_back({name});
    }
    suites.back().cases.push_back(case_of(row, accept_findings));
  }
  if (!ledger.controls.empty()) {
    suites.push_back(controls_suite(ledger));
  }
  return junit_xml("lemmabench verify", suites);
}

}  // namespace lemmabench
