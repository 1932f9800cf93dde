
#include <doctest/doctest.h>

#include <boost/property_tree/ptree.hpp>
#include <boost/property_tree/xml_parser.hpp>
#include <nlohmann/json.hpp>
#include <sstream>

#include "harness/studies/regression/changes_json.hpp"
#include "reports/junit/regression_junit.hpp"
#include "reports/markdown/regression_markdown.hpp"
#include "reports/text/regression_text.hpp"

using namespace lemmabench;

namespace {

/// A report of two cells, the second of which fails; the names need escaping everywhere.
struct MadeUp {
  GateCell same, worse;
  GateReport report;

  MadeUp() {
    same.kind = CellKind::claim;
    same.claim = "D2";
    same.subject = "a&b";
    worse.request.target = "t<|>t";
    worse.request.steps = 7;
    report.sampler = "./mine.toml";
    report.baseline_sampler = "ddpm";
    report.baseline_version = "0.1.0";
    report.cells.push_back({&same, {}, 3, 0});
    Change change{"tv",
                  ChangeKind::regression,
                  true,
                  Quantity::computed(0.25, 1e-9),
                  Quantity::computed(0.5, 1e-9),
                  "worse to 2 times"};
    report.cells.push_back({&worse, {change}, 5, 0});
  }
};

boost::property_tree::ptree parse_xml(const std::string& text) {
  std::istringstream in(text);
  boost::property_tree::ptree out;
  read_xml(in, out);
  return out;
}

}  // namespace

TEST_CASE("gate output: JUnit has a case a cell and the failure with its numbers") {
  const auto xml = parse_xml(gate_junit(MadeUp().report)).get_child("testsuites");
  CHECK(xml.get<int>("<xmlattr>.tests") == 2);
  CHECK(xml.get<int>("<xmlattr>.failures") == 1);
  CHECK(xml.count("testsuite") == 2);
  CHECK(xml.get<int>("testsuite.<xmlattr>.failures") == 1);  // the first suite is that of laws
  CHECK(xml.get<int>("testsuite.<xmlattr>.tests") == 1);
  const auto& law = xml.get_child("testsuite.testcase");
  CHECK(law.get<std::string>("<xmlattr>.name") == "law t<|>t T=7 li-cai:c0=2,c1=9");
  CHECK(law.get<std::string>("failure.<xmlattr>.type") == "regression");
  const auto body = law.get<std::string>("failure");
  CHECK(body.find("0.2500 -> 0.5000") != std::string::npos);
}

TEST_CASE("gate output: without cells every format says that it failed") {
  const GateReport empty;
  const auto xml = parse_xml(gate_junit(empty)).get_child("testsuites");
  CHECK(xml.get<int>("<xmlattr>.failures") == 1);
  CHECK(xml.get<int>("testsuite.<xmlattr>.failures") == 1);
  CHECK(gate_text(empty).find("FAILED") != std::string::npos);
  CHECK(gate_markdown(empty).find("nothing was compared") != std::string::npos);
  CHECK(nlohmann::json::parse(gate_json(empty)).at("passed") == false);
}

TEST_CASE("gate output: text, Markdown and JSON tell the same") {
  const MadeUp made_up;
  const std::string text = gate_text(made_up.report);
  CHECK(text.find("FAIL law t<|>t T=7") != std::string::npos);
  CHECK(text.find("1 of 2 cells pass; 8 numbers unchanged, 1 regression\nFAILED\n") !=
        std::string::npos);
  const std::string markdown = gate_markdown(made_up.report);
  CHECK(markdown.find("| law t\\<\\|>t T=7") != std::string::npos);  // a bar would end the cell
  CHECK(markdown.find("1 of 2 cells pass") != std::string::npos);
  const auto json = nlohmann::json::parse(gate_json(made_up.report));
  CHECK(json.at("passed") == false);
  CHECK(json.at("summary").at("regression") == 1);
  CHECK(json.at("cells")[1].at("changes")[0].at("after").at("value") == "0.50000000000");
}

TEST_CASE("gate output: details are counted and not shown") {
  MadeUp made_up;
  Change& change = made_up.report.cells[1].changes[0];
  change.kind = ChangeKind::differs;
  change.failure = false;
  change.detail = true;
  CHECK(made_up.report.passed());
  const std::string text = gate_text(made_up.report);
  CHECK(text.find("t<|>t") == std::string::npos);
  CHECK(text.find("1 differs\npassed\n") != std::string::npos);
}
