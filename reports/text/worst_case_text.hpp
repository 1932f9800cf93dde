#pragma once

#include <string>

#include "harness/studies/worst_case/worst_case.hpp"

namespace lemmabench {

/// The same as a table and the few lines that sum it up.
std::string worst_case_text(const WorstCaseResult& result);

}  // namespace lemmabench
