#include "harness/ledger/ledger.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <boost/property_tree/ptree.hpp>
#include <boost/property_tree/xml_parser.hpp>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>

#include "harness/law.hpp"
#include "harness/ledger/claim_cases.hpp"
#include "harness/ledger/ledger_json.hpp"
#include "harness/ledger/ledger_text.hpp"
#include "numerics/error.hpp"
#include "theory/bounds.hpp"

using namespace lemmabench;

namespace {

LedgerRequest request_for(const std::string& claims, const std::string& cases = "*") {
  LedgerRequest request;
  request.claims = claims;
  request.cases = cases;
  return request;
}

/// A ledger of one made-up claim whose evaluator is given.
struct MadeUp {
  Claim claim;
  Case subject = claim_cases().front();
  Ledger ledger;

  MadeUp(Verdict verdict, int finding) {
    claim.id = "Z1";
    claim.title = "made up & <odd>";
    claim.finding = finding;
    LedgerRow row{&claim, &subject, {}, 0, "lemmabench verify --claims 'Z1'"};
    row.outcome.verdict = verdict;
    row.outcome.reason = "because";
    row.outcome.comparisons = 1;
    ledger.rows.push_back(row);
    ClaimSummary summary;
    summary.claim = &claim;
    summary.verdict = verdict;
    (verdict == Verdict::holds          ? summary.holds
     : verdict == Verdict::violated     ? summary.violated
     : verdict == Verdict::inconclusive ? summary.inconclusive
                                        : summary.not_applicable) = 1;
    ledger.claims.push_back(summary);
  }
};

boost::property_tree::ptree parse_xml(const std::string& text) {
  std::istringstream in(text);
  boost::property_tree::ptree out;
  boost::property_tree::read_xml(in, out);
  return out;
}

}  // namespace

TEST_CASE("ledger: every claim of theory.md section 6 has a record") {
  std::set<std::string> ids;
  for (const Claim& claim : all_claims()) {
    CHECK_MESSAGE(ids.insert(claim.id).second, claim.id, " stands twice");
  }
  const auto expect = [&ids](char family, int count) {
    for (int k = 1; k <= count; ++k) {
      const std::string id = family + std::to_string(k);
      CHECK_MESSAGE(ids.count(id) == 1, id, " is missing");
    }
  };
  expect('S', 4);
  expect('F', 10);
  expect('T', 8);
  expect('D', 9);
  expect('I', 2);
  expect('E', 3);
  expect('B', 3);
  expect('N', 3);
}

TEST_CASE("ledger: every record is complete and has a false twin on a case there is") {
  std::set<std::string> cases;
  for (const Case& subject : claim_cases()) {
    cases.insert(subject.name);
  }
  for (const Claim& claim : all_claims()) {
    CAPTURE(claim.id);
    for (const std::string* text : {&claim.title, &claim.statement, &claim.latex, &claim.reference,
                                    &claim.left, &claim.right, &claim.falsifier}) {
      CHECK(!text->empty());
      // A terminal and XML both take plain ASCII only.
      CHECK(std::all_of(text->begin(), text->end(), [](char c) { return c >= ' ' && c <= '~'; }));
    }
    CHECK((claim.evaluate != nullptr));
    CHECK_FALSE(claim.controls.empty());
    for (const Control& control : claim.controls) {
      CHECK_MESSAGE(cases.count(control.case_name) == 1, control.case_name);
      CHECK(!control.overrides.empty());
      for (const auto& override : control.overrides) {
        const std::string& id = override.first;
        const bool known = std::any_of(claim.parameters.begin(), claim.parameters.end(),
                                       [&](const Parameter& p) { return p.id == id; });
        CHECK_MESSAGE(known, id);
      }
    }
    if (!claim.corrects.empty()) {
      const bool refuted = std::any_of(
          all_claims().begin(), all_claims().end(),
          [&](const Claim& other) { return other.id == claim.corrects && other.finding != 0; });
      CHECK_MESSAGE(refuted, "corrects ", claim.corrects);
    }
  }
}

TEST_CASE("ledger: the schedule claims hold, proved, and all their twins are caught") {
  const Ledger ledger = run_ledger(request_for("S*"));
  CHECK(ledger.claims.size() == 4);
  CHECK(ledger.exit_code(false) == 0);
  const LedgerTotals totals = ledger.totals();
  CHECK(totals.violated + totals.inconclusive == 0);
  CHECK(totals.proved == totals.verdicts());
  CHECK(totals.not_applicable > 0);  // c1/c0 = 3, two-phase, logit

  LedgerRequest twins = request_for("S*");
  twins.controls = true;
  const Ledger controls = run_ledger(twins);
  CHECK(controls.controls.size() >= 5);
  CHECK(controls.exit_code(false) == 0);
}

TEST_CASE("ledger: false twins are chosen by the case they name") {
  LedgerRequest request = request_for("B1", "lc-sde");
  request.controls = true;
  const Ledger one = run_ledger(request);
  REQUIRE(one.controls.size() == 1);
  CHECK(one.controls.front().control->case_name == "lc-sde");
  request.cases = "nothing-*";
  CHECK_THROWS_AS(run_ledger(request), InputError);
}

TEST_CASE("ledger: same bytes on one thread and two") {
  LedgerRequest request = request_for("S*,B*");
  const std::string one = ledger_json(run_ledger(request));
  request.threads = 2;
  CHECK(ledger_json(run_ledger(request)) == one);
}

TEST_CASE("ledger: globs that match nothing are refused") {
  CHECK_THROWS_AS(run_ledger(request_for("X*")), InputError);
  CHECK_THROWS_AS(run_ledger(request_for("*", "nothing-*")), InputError);
  CHECK_THROWS_AS(run_ledger(request_for("S1", "gauss-flat")), InputError);
  CHECK(matches_globs("mixture-far", "gauss-*,mixture-*"));
  CHECK(!matches_globs("mixture-far", "gauss-*"));
  CHECK(matches_globs("li-cai:c0=2,c1=9", "li-cai:c0=2,c1=9"));
}

TEST_CASE("ledger: the exit code") {
  CHECK(MadeUp(Verdict::holds, 0).ledger.exit_code(false) == 0);
  CHECK(MadeUp(Verdict::violated, 0).ledger.exit_code(false) == 1);
  CHECK(MadeUp(Verdict::violated, 0).ledger.exit_code(true) == 1);
  CHECK(MadeUp(Verdict::violated, 3).ledger.exit_code(false) == 1);
  CHECK(MadeUp(Verdict::violated, 3).ledger.exit_code(true) == 0);
  CHECK(MadeUp(Verdict::inconclusive, 0).ledger.exit_code(false) == 1);
  // A finding excuses a violation, never a check that could not decide.
  CHECK(MadeUp(Verdict::inconclusive, 3).ledger.exit_code(true) == 1);
  // A run in which no claim applied checked nothing.
  CHECK(MadeUp(Verdict::not_applicable, 0).ledger.exit_code(false) == 1);
}

TEST_CASE("ledger: JUnit is XML with one case a row and failures that say what to do") {
  const auto xml = parse_xml(ledger_junit(MadeUp(Verdict::violated, 0).ledger, false));
  const auto& suite = xml.get_child("testsuites.testsuite");
  CHECK(suite.get<int>("<xmlattr>.failures") == 1);
  const auto& test = suite.get_child("testcase");
  CHECK(test.get<std::string>("<xmlattr>.name") == "Z1 made up & <odd>");
  CHECK(test.get<std::string>("failure.<xmlattr>.message") == "because");
  CHECK(test.get<std::string>("failure").find("lemmabench verify --claims 'Z1'") !=
        std::string::npos);

  const auto skipped = parse_xml(ledger_junit(MadeUp(Verdict::violated, 7).ledger, true));
  CHECK(skipped.get<int>("testsuites.<xmlattr>.failures") == 0);
  CHECK(skipped.get<int>("testsuites.<xmlattr>.skipped") == 1);
  const auto unclear = parse_xml(ledger_junit(MadeUp(Verdict::inconclusive, 0).ledger, true));
  CHECK(unclear.get<int>("testsuites.<xmlattr>.failures") == 1);
}

TEST_CASE("ledger: JSON says what the rows say") {
  const auto json = nlohmann::json::parse(ledger_json(run_ledger(request_for("B1", "lc-sde"))));
  CHECK(json.at("summary").at("verdicts") == 1);
  const auto& row = json.at("claims").at(0).at("rows").at(0);
  CHECK(row.at("case") == "lc-sde");
  CHECK(row.at("verdict") == "holds");
  CHECK(row.at("evidence") == "proved");
  CHECK(row.at("margin_in") == "digits");
  CHECK(row.at("command") == "lemmabench verify --claims 'B1' --cases 'lc-sde'");
}

TEST_CASE("ledger: targets of one's own") {
  LedgerRequest request = request_for("S1");
  request.targets = {"gaussian:dim=2,variance=0.5"};
  CHECK_THROWS_AS(run_ledger(request), InputError);  // S1 is about schedules
  const Case student = make_target_case("student-t:dim=3,nu=7/2", "--target");
  REQUIRE(student.target());
  CHECK(student.target()->dim() == 3);
  CHECK_THROWS_AS(make_target_case("student-t:dim=3,nu=-1", "--target"), InputError);
  CHECK_THROWS_AS(make_target_case("student-t:dim=3", "--target"), InputError);
}

TEST_CASE("ledger: cases of mixed targets have the moments of the catalogue") {
  for (const Case& subject : claim_cases()) {
    if (subject.name == "gauss-spread") {
      CHECK(subject.target()->product()->second_moment() == Rational(17, 2));
      CHECK(subject.target()->gaussian());
    }
    if (subject.name == "mixture-far") {
      CHECK(subject.target()->product()->second_moment() == Rational(104, 25));
      CHECK(subject.target()->line_mixture());
    }
  }
}

TEST_CASE("ledger: the constants of D5 and D6 hold on the worst target found, and are needed") {
  LedgerRequest request;
  request.claims = "D5-instances,D6-instances";
  request.targets = {"worst-line"};
  const Ledger ledger = run_ledger(request);
  REQUIRE(ledger.rows.size() == 2);
  for (const LedgerRow& row : ledger.rows) {
    CHECK(row.outcome.verdict == Verdict::holds);
  }
  // T = 96 with li-cai-momentum is what refuted C = 1/8: it needs 0.491.
  LawRequest law;
  law.target = "worst-line";
  law.sampler = "li-cai-momentum";
  law.schedule = LiCaiSchedule{};
  law.steps = 96;
  LawOptions options;
  options.decomposition = false;
  const Quantity needed =
      implied_constant(main_theorem_li_cai(), compute_law(law, options).tv, 96, 1, true);
  CHECK(needed.value() > 0.4);
  CHECK(needed.value() < 0.5);
}
