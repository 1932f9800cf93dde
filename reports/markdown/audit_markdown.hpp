#pragma once

#include <string>

#include "harness/studies/audit/audit.hpp"

namespace lemmabench {

/// A summary for a pull request: a table of samplers with the orders measured and the verdicts.
std::string audit_markdown(const Audit& audit);

}  // namespace lemmabench
