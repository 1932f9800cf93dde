#pragma once

#include <string>

namespace lemmabench {

/// Reads --steps: a whole number from 2 to kMaxSteps; the schedule checks whether they are enough.
/// Throws InputError.
long parse_steps(const std::string& text);

}  // namespace lemmabench
