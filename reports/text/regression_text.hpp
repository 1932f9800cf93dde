#pragma once

#include <string>
#include <vector>

#include "harness/studies/regression/regression.hpp"

namespace lemmabench {

/// A report for a terminal: what changed, cell by cell, then one line with the counts and the
/// verdict. Of a cell with many changes the first few are shown; details that differ are counted
/// only, unless the comparison is exact.
std::string gate_text(const GateReport& report);

/// "41 of 42 cells pass; 1203 numbers unchanged, 2 improved, 1 regression".
std::string gate_counts(const GateReport& report);

/// A change in one line: "tv  0.00123 -> 0.00456  regression: worse to 3.7 times".
std::string change_text(const Change& change);

/// The changes worth showing: all, but details only where they decide.
std::vector<const Change*> shown_changes(const CellReport& cell);

}  // namespace lemmabench
