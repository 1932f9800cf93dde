#pragma once

#include <string>

#include "harness/studies/mutation/engine_bugs.hpp"

namespace lemmabench {

/// The same as a table.
std::string engine_bugs_text(const EngineBugs& bank);

}  // namespace lemmabench
