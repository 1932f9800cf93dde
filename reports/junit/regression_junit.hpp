#pragma once

#include <string>

#include "harness/studies/regression/regression.hpp"

namespace lemmabench {

/// JUnit XML: a test suite a kind of cell, a test case a cell; every cell that fails is a failure
/// with its changes. A report without cells is a suite with one failure.
std::string gate_junit(const GateReport& report);

}  // namespace lemmabench
