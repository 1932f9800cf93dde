#pragma once

#include <string>

#include "theory/process/output_law.hpp"

namespace lemmabench {

/// The result as a person reads it: the question, the distances with error and evidence, the parts
/// of the error, notes. Numbers have twelve significant digits at most, fewer where the error says
/// so.
std::string law_text(const LawResult& result);

}  // namespace lemmabench
