#include <doctest/doctest.h>

#include <memory>

#include "harness/studies/claims/claim_cases.hpp"
#include "harness/studies/report_suite/report_data.hpp"
#include "reports/page/report.hpp"
#include "reports/page/sections.hpp"
#include "reports/test/fake_cells.hpp"

using namespace lemmabench;

namespace {

std::shared_ptr<LedgerData> schedule_ledger() {
  auto data = std::make_shared<LedgerData>();
  LedgerRequest request;
  request.claims = "S2,S3";
  data->ledger = run_ledger(request);
  request.controls = true;
  data->controls = run_ledger(request);
  return data;
}

}  // namespace

TEST_CASE("ledger section: null without a ledger") {
  CHECK(ledger_section(nullptr).numbers.is_null());
}

TEST_CASE("ledger section: each claim has its rows, twins and commands") {
  const auto data = schedule_ledger();
  const auto numbers = ledger_section(data.get()).numbers;
  REQUIRE(numbers.at("claims").size() == 2);
  CHECK(numbers.at("controls") == numbers.at("caught"));
  CHECK(numbers.at("families").size() == 1);
  for (const auto& claim : numbers.at("claims")) {
    CHECK(claim.at("verdict") == "holds");
    CHECK(claim.at("controls").at("rows").size() >= 1);
    CHECK(claim.at("rows").size() == 9);
    for (const auto& row : claim.at("rows")) {
      const std::string command = row.at("command");
      CHECK(command.find("lemmabench verify --claims") == 0);
      CHECK(row.at("left").is_null() == (row.at("verdict") == "not applicable"));
    }
  }
}

TEST_CASE("ledger section: a violation that no finding explains makes the report fail") {
  ReportData report = made_up_report();
  const auto data = schedule_ledger();
  report.ledger = data;
  CHECK(report_json(report).find("\"S3\"") != std::string::npos);
  CHECK(report_verdict(report) == Verdict::holds);

  data->ledger.claims.front().verdict = Verdict::violated;
  CHECK(report_verdict(report) == Verdict::violated);
  data->ledger.claims.front().verdict = Verdict::holds;
  // A false twin that was not caught is a failure too.
  data->controls.controls.front().outcome.verdict = Verdict::holds;
  CHECK(report_verdict(report) == Verdict::violated);
}
