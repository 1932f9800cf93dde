#pragma once

#include <string>

#include "harness/studies/audit/audit.hpp"

namespace lemmabench {

/// JUnit XML: a test case a sampler. Lower than advertised is a failure; open, and nothing
/// advertised, are skipped with the reason.
std::string audit_junit(const Audit& audit);

}  // namespace lemmabench
