#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "harness/gate/gate.hpp"

namespace lemmabench {

/// A report for a terminal: what changed, cell by cell, then one line with the counts and the
/// verdict. Of a cell with many changes the first few are shown; details that differ are counted
/// only, unless the comparison is exact.
std::string gate_text(const GateReport& report);

/// The report whole, with a final newline; bytes depend on the report only:
///   {"sampler","baseline_sampler","baseline_version","exact","passed",
///    "summary":{"cells":n,"failed_cells":n,"unchanged":n,"improved":n,"differs":n,"regression":n,
///               "inconclusive":n,"missing":n,"failed":n},
///    "cells":[{"cell","kind","passed","unchanged":n,
///              "changes":[{"quantity","change","failure","before":Q|null,"after":Q|null,
///                          "reason","detail"}]}],
///    "version"}
/// with Q as in the JSON of `law`.
std::string gate_json(const GateReport& report);

/// The changes of the one cell of such a report, the unchanged numbers as empty changes. Throws
/// InputError starting with `origin` for anything else.
std::vector<Change> changes_from_json(std::string_view json, std::string_view origin);

/// JUnit XML: a test suite a kind of cell, a test case a cell; every cell that fails is a failure
/// with its changes. A report without cells is a suite with one failure.
std::string gate_junit(const GateReport& report);

/// A summary for a pull request: the verdict, a table of what changed, the counts.
std::string gate_markdown(const GateReport& report);

// ---- shared by these ----------------------------------------------------------------------------

/// "41 of 42 cells pass; 1203 numbers unchanged, 2 improved, 1 regression".
std::string gate_counts(const GateReport& report);

/// A change in one line: "tv  0.00123 -> 0.00456  regression: worse to 3.7 times".
std::string change_text(const Change& change);

/// The changes worth showing: all, but details only where they decide.
std::vector<const Change*> shown_changes(const CellReport& cell);

}  // namespace lemmabench
