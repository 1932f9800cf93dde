#pragma once

#include <string>

#include "theory/process/schedule_kinds.hpp"

namespace lemmabench {

/// Reads --steps: a whole number from 2 to kMaxSteps; the schedule checks whether they are enough.
/// Throws InputError.
long parse_steps(const std::string& text);

/// The number of levels: --steps as parse_steps() reads it, or what the schedule itself says where
/// the option is left out. Throws InputError where neither says it, and where they differ.
long steps_of(const std::string& text, const ScheduleKind& schedule);

}  // namespace lemmabench
