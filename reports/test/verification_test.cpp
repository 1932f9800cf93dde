#include "harness/studies/claims/verification.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <boost/property_tree/ptree.hpp>
#include <boost/property_tree/xml_parser.hpp>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>

#include "harness/law/law.hpp"
#include "harness/studies/claims/claim_cases.hpp"
#include "harness/studies/claims/exact_laboratory.hpp"
#include "harness/test/law_request.hpp"
#include "numerics/error.hpp"
#include "reports/json/verification_json.hpp"
#include "reports/junit/verification_junit.hpp"
#include "reports/text/verification_text.hpp"
#include "theory/bounds/bounds.hpp"

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
  // Every t, but some values of T: instances, all of them proved, and nothing more.
  CHECK(totals.on_instances == totals.verdicts());
  CHECK(totals.proved == 0);
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
  CHECK(matches_globs("mixture-far", "mixture-*,!mixture-near"));
  CHECK(!matches_globs("mixture-far", "mixture-*,!*-far"));
  CHECK(matches_globs("gauss-flat", "!mixture-*,!student-*"));
  CHECK(!matches_globs("mixture-far", "!mixture-*,!student-*"));
  CHECK(!matches_globs("mixture-far", ""));
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
  CHECK(row.at("worth") == "proved on 60 instances");
  CHECK(row.at("coverage").at("whole") == false);
  CHECK(row.at("coverage").at("instances") == 60);
  CHECK(json.at("summary").at("proved") == 0);
  CHECK(json.at("summary").at("proved_on_instances") == 1);
  CHECK(row.at("resolution").at("asked").get<std::string>().find("e-") != std::string::npos);
  CHECK(row.at("margin_in") == "digits");
  CHECK(row.at("command") == "lemmabench verify --claims 'B1' --cases 'lc-sde'");
}

TEST_CASE("ledger: text, JSON and JUnit tell a proof from a proof on instances") {
  LedgerRequest request = request_for("S2", "li-cai:c0=2,c1=9");
  const Ledger ledger = run_ledger(request);
  const std::string text = ledger_text(ledger, false);
  CHECK(text.find("proved on 4 instances") != std::string::npos);
  CHECK(text.find("0 of 1 verdicts proved, 1 more proved on the instances looked at") !=
        std::string::npos);
  const auto xml = parse_xml(ledger_junit(ledger, false));
  const auto& property = xml.get_child("testsuites.testsuite.testcase.properties.property");
  CHECK(property.get<std::string>("<xmlattr>.name") == "worth");
  CHECK(property.get<std::string>("<xmlattr>.value") == "proved on 4 instances");
}

TEST_CASE("ledger: every record says what it covers") {
  for (const Claim& claim : all_claims()) {
    CAPTURE(claim.id);
    CHECK((claim.covers.starts_with("instances: ") || claim.covers.starts_with("the whole")));
    CHECK(std::all_of(claim.covers.begin(), claim.covers.end(),
                      [](char c) { return c >= ' ' && c <= '~'; }));
  }
}

TEST_CASE("ledger: an error of a claim's own making leaves it open and does not end the program") {
  Claim claim = all_claims().front();
  claim.evaluate = [](const Trial&, Comparisons& out) {
    out.at_most(Ball(1), Ball(2), {});
    throw InputError("printed midpoint: the exponent of '1e-12345' is beyond +-9999");
    return Coverage::instances(1, "nothing");
  };
  ExactLaboratory laboratory;
  const Outcome outcome = evaluate_claim(claim, claim_cases().back(), {}, laboratory);
  CHECK(outcome.verdict == Verdict::not_applicable);  // a theorem, not a schedule
  const auto schedule =
      std::find_if(claim_cases().begin(), claim_cases().end(),
                   [](const Case& subject) { return subject.schedule() != nullptr; });
  const Outcome open = evaluate_claim(claim, *schedule, {}, laboratory);
  CHECK(open.verdict == Verdict::inconclusive);
  CHECK(open.reason.starts_with("printed midpoint"));
  CHECK_FALSE(open.coverage);
}

TEST_CASE("ledger: constants named for the catalogue are not held against other targets") {
  const auto verdict = [](const char* target, const char* claim) {
    LedgerRequest request;
    request.claims = claim;
    request.targets = {target};
    return run_ledger(request).rows.front().outcome;
  };
  for (const char* claim : {"D2-instances", "D5-instances", "D6-instances"}) {
    CAPTURE(claim);
    // A2 fails, and no constant was named for it.
    const Outcome wide = verdict("gaussian:spectrum=1e20x1+1x2", claim);
    CHECK(wide.verdict == Verdict::not_applicable);
    CHECK(wide.reason == "E||X_0||^2 = 100000000000000000002 exceeds 96");
    const Outcome own = verdict("gaussian:dim=2,variance=0.37", claim);
    CHECK(own.verdict == Verdict::not_applicable);
    CHECK(own.reason.starts_with("the constant is named for the catalogue's targets; "));
    // The same law as gauss-flat, spelt out.
    CHECK(verdict("gaussian:dim=5,variance=0.3", claim).verdict == Verdict::holds);
  }
  for (const char* claim : {"D5", "D6", "D2", "F9", "D7", "D8"}) {
    CAPTURE(claim);
    CHECK(verdict("gaussian:spectrum=1e20x1+1x2", claim).verdict == Verdict::not_applicable);
  }
}

TEST_CASE("ledger: limits as T grows are not read off T that are too small for the target") {
  for (const char* variance : {"1e-60", "1e-12", "40", "1e20"}) {
    LedgerRequest request;
    request.claims = "D9*";
    request.targets = {fmt::format("gaussian:dim=1,variance={}", variance)};
    for (const LedgerRow& row : run_ledger(request).rows) {
      CAPTURE(variance);
      CHECK(row.outcome.verdict == Verdict::not_applicable);
      CHECK(row.outcome.reason.starts_with("T is not large enough: "));
    }
  }
  LedgerRequest request;
  request.claims = "D9*";
  request.targets = {"gaussian:dim=1,variance=1e-11", "gaussian:dim=1,variance=31"};
  for (const LedgerRow& row : run_ledger(request).rows) {
    CAPTURE(row.command);
    CAPTURE(row.outcome.reason);
    CHECK(row.outcome.verdict == Verdict::holds);
  }
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
  const LawRequest law = request_for("worst-line", "li-cai-momentum", 96);
  LawOptions options;
  options.decomposition = false;
  const Quantity needed =
      implied_constant(main_theorem_li_cai(), compute_law(law, options).tv, 96, 1, true);
  CHECK(needed.value() > 0.4);
  CHECK(needed.value() < 0.5);
}
