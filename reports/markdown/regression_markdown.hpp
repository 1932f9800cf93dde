#pragma once

#include <string>

#include "harness/studies/regression/regression.hpp"

namespace lemmabench {

/// A summary for a pull request: the verdict, a table of what changed, the counts.
std::string gate_markdown(const GateReport& report);

}  // namespace lemmabench
