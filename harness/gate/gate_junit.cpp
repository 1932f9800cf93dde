#include <fmt/format.h>

#include <array>
#include <boost/property_tree/ptree.hpp>
#include <boost/property_tree/xml_parser.hpp>
#include <sstream>
#include <string>

#include "harness/gate/gate_output.hpp"

namespace lemmabench {
namespace {

using Tree = boost::property_tree::ptree;

void put_counts(Tree& tree, const std::string& title, long tests, long failures) {
  tree.put("<xmlattr>.name", title);
  tree.put("<xmlattr>.tests", tests);
  tree.put("<xmlattr>.failures", failures);
  tree.put("<xmlattr>.errors", 0);
  tree.put("<xmlattr>.skipped", 0);
}

Tree test_case(const std::string& class_name, const std::string& title) {
  Tree out;
  out.put("<xmlattr>.classname", class_name);
  out.put("<xmlattr>.name", title);
  return out;
}

void put_failure(Tree& test, const std::string& type, const std::string& message,
                 const std::string& body) {
  Tree& failure = test.put_child("failure", {});
  failure.put("<xmlattr>.type", type);
  failure.put("<xmlattr>.message", message);
  failure.put_value(body);
}

/// Every cell of one kind.
Tree suite(const GateReport& report, CellKind kind) {
  Tree cases;
  long tests = 0, failures = 0;
  for (const CellReport& cell : report.cells) {
    if (cell.cell->kind != kind) continue;
    Tree test = test_case(fmt::format("lemmabench.compare.{}", name(kind)), cell.cell->id());
    if (cell.failed()) {
      ++failures;
      std::string body;
      for (const Change* change : shown_changes(cell)) body += change_text(*change) + "\n";
      const Change& first = cell.changes.front();
      put_failure(test, std::string(name(first.kind)), change_text(first), body);
    }
    ++tests;
    cases.add_child("testcase", test);
  }
  Tree out;
  if (tests == 0) return out;
  put_counts(out, fmt::format("{} cells", name(kind)), tests, failures);
  for (const auto& [key, test] : cases) out.add_child(key, test);
  return out;
}

/// What a reader of JUnit would take for a pass if it were left empty.
Tree empty_suite() {
  Tree out;
  put_counts(out, "no cells", 1, 1);
  Tree test = test_case("lemmabench.compare", "the baseline has cells");
  put_failure(test, "missing", "the baseline has no cells, so nothing was compared", "");
  out.add_child("testcase", test);
  return out;
}

}  // namespace

std::string gate_junit(const GateReport& report) {
  Tree root;
  Tree& all = root.put_child("testsuites", {});
  long failures = 0;
  for (const CellReport& cell : report.cells) failures += cell.failed() ? 1 : 0;
  const bool empty = report.cells.empty();
  put_counts(all, fmt::format("lemmabench compare {}", report.sampler),
             empty ? 1 : static_cast<long>(report.cells.size()), empty ? 1 : failures);
  if (empty) all.add_child("testsuite", empty_suite());
  for (const CellKind kind :
       std::array{CellKind::law, CellKind::order, CellKind::claim, CellKind::certificate}) {
    if (Tree one = suite(report, kind); !one.empty()) all.add_child("testsuite", one);
  }
  std::ostringstream out;
  boost::property_tree::write_xml(out, root,
                                  boost::property_tree::xml_writer_settings<std::string>(' ', 2));
  return out.str();
}

}  // namespace lemmabench
