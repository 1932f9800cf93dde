#include <fmt/format.h>

#include <boost/property_tree/ptree.hpp>
#include <boost/property_tree/xml_parser.hpp>
#include <sstream>

#include "harness/ledger/ledger_json.hpp"
#include "harness/ledger/ledger_text.hpp"

namespace lemmabench {
namespace {

using Tree = boost::property_tree::ptree;

struct Suite {
  std::string name;
  Tree cases;
  long tests = 0, failures = 0, skipped = 0;

  void add(const Tree& test, bool failed, bool was_skipped) {
    cases.add_child("testcase", test);
    ++tests;
    failures += failed ? 1 : 0;
    skipped += was_skipped ? 1 : 0;
  }

  Tree tree() const {
    Tree out;
    out.put("<xmlattr>.name", name);
    out.put("<xmlattr>.tests", tests);
    out.put("<xmlattr>.failures", failures);
    out.put("<xmlattr>.errors", 0);
    out.put("<xmlattr>.skipped", skipped);
    for (const auto& [key, test] : cases) {
      out.add_child(key, test);
    }
    return out;
  }
};

Tree test_case(const std::string& class_name, const std::string& name) {
  Tree out;
  out.put("<xmlattr>.classname", class_name);
  out.put("<xmlattr>.name", name);
  return out;
}

void put_failure(Tree& test, const std::string& type, const std::string& message,
                 const std::string& body) {
  Tree failure;
  failure.put("<xmlattr>.type", type);
  failure.put("<xmlattr>.message", message);
  failure.put_value(body);
  test.add_child("failure", failure);
}

/// <properties><property name="worth" value="proved on 44 instances"/>...
void put_properties(Tree& test, const Outcome& outcome) {
  if (outcome.verdict == Verdict::not_applicable) {
    return;
  }
  const auto put = [&test](const char* key, const std::string& value) {
    Tree property;
    property.put("<xmlattr>.name", key);
    property.put("<xmlattr>.value", value);
    test.add_child("properties.property", property);
  };
  put("worth", worth(outcome));
  if (outcome.coverage) {
    put("covers", outcome.coverage->what());
  }
}

void add_row(Suite& suite, const LedgerRow& row, bool accept_findings) {
  const Outcome& o = row.outcome;
  const Claim& claim = *row.claim;
  Tree test = test_case(fmt::format("lemmabench.{}.{}", claim.family(), row.subject->name),
                        claim.id + " " + claim.title);
  put_properties(test, o);
  const bool expected = accept_findings && claim.finding != 0 && o.verdict == Verdict::violated;
  const bool skipped = o.verdict == Verdict::not_applicable || expected;
  const bool failed = !skipped && o.verdict != Verdict::holds;
  if (skipped) {
    test.put("skipped.<xmlattr>.message",
             expected ? fmt::format("refuted, as finding {} tells: {}", claim.finding, o.reason)
                      : o.reason);
  } else if (failed) {
    put_failure(test, std::string(name(o.verdict)), o.reason,
                fmt::format("where: {}\nleft:  {}\nright: {}\nrepeat: {}", o.place,
                            short_quantity(o.left), short_quantity(o.right), row.command));
  }
  suite.add(test, failed, skipped);
}

Suite controls_suite(const Ledger& ledger) {
  Suite suite{"controls: false twins must be violated", {}};
  for (const ControlRow& row : ledger.controls) {
    Tree test = test_case("lemmabench.controls." + row.control->case_name,
                          row.claim->id + " " + row.control->title);
    if (!row.caught()) {
      put_failure(test, "not caught", "the false twin was not found violated",
                  fmt::format("came out {}: {}", name(row.outcome.verdict), row.outcome.reason));
    }
    suite.add(test, !row.caught(), false);
  }
  return suite;
}

}  // namespace

std::string ledger_junit(const Ledger& ledger, bool accept_findings) {
  std::vector<Suite> suites;
  for (const LedgerRow& row : ledger.rows) {
    const std::string name =
        fmt::format("{}: {}", row.claim->family(), family_title(row.claim->family()));
    if (suites.empty() || suites.back().name != name) {
      suites.push_back({name, {}});
    }
    add_row(suites.back(), row, accept_findings);
  }
  if (!ledger.controls.empty()) {
    suites.push_back(controls_suite(ledger));
  }
  Tree root;
  Tree& all = root.put_child("testsuites", {});
  long tests = 0, failures = 0, skipped = 0;
  for (const Suite& suite : suites) {
    tests += suite.tests;
    failures += suite.failures;
    skipped += suite.skipped;
  }
  all.put("<xmlattr>.name", "lemmabench verify");
  all.put("<xmlattr>.tests", tests);
  all.put("<xmlattr>.failures", failures);
  all.put("<xmlattr>.errors", 0);
  all.put("<xmlattr>.skipped", skipped);
  for (const Suite& suite : suites) {
    all.add_child("testsuite", suite.tree());
  }
  std::ostringstream out;
  boost::property_tree::write_xml(out, root,
                                  boost::property_tree::xml_writer_settings<std::string>(' ', 2));
  return out.str();
}

}  // namespace lemmabench
