#include "reports/junit/regression_junit.hpp"

#include <fmt/format.h>

#include <array>
#include <utility>

#include "reports/junit/junit.hpp"
#include "reports/text/regression_text.hpp"

namespace lemmabench {
namespace {

JunitCase case_of(const CellReport& cell) {
  JunitCase test{fmt::format("lemmabench.compare.{}", name(cell.cell->kind)), cell.cell->id()};
  if (cell.failed()) {
    std::string body;
    for (const Change* change : shown_changes(cell)) body += change_text(*change) + "\n";
    const Change& first = cell.changes.front();
    test.failure = {std::string(name(first.kind)), change_text(first), body};
  }
  return test;
}

/// What a reader of JUnit would take for a pass if it were left empty.
JunitSuite empty_suite() {
  JunitCase test{"lemmabench.compare", "the baseline has cells"};
  test.failure = {"missing", "the baseline has no cells, so nothing was compared", ""};
  return {"no cells", {test}};
}

}  // namespace

std::string gate_junit(const GateReport& report) {
  std::vector<JunitSuite> suites;
  if (report.cells.empty()) suites.push_back(empty_suite());
  for (const CellKind kind :
       std::array{CellKind::law, CellKind::order, CellKind::claim, CellKind::certificate}) {
    JunitSuite suite{fmt::format("{} cells", name(kind))};
    for (const CellReport& cell : report.cells) {
      if (cell.cell->kind == kind) suite.cases.push_back(case_of(cell));
    }
    if (!suite.cases.empty()) suites.push_back(std::move(suite));
  }
  return junit_xml(fmt::format("lemmabench compare {}", report.sampler), suites);
}

}  // namespace lemmabench
