#pragma once

#include <string>

#include "harness/law.hpp"

namespace lemmabench {

/// The result as a person reads it: the question, the distances with error and evidence, the parts
/// of the error, notes. `digits` significant digits at most, fewer where the error says so.
std::string law_text(const LawResult& result);

/// value rounded to its meaningful digits with its error, e.g. "0.0749554589 +- 3e-45"; the shared
/// way to print a quantity to people.
std::string quantity_text(const Quantity& quantity, long most_digits = 12);

/// "gaussian" or "exact".
std::string_view name(Start start);

/// `text` as one word of a shell: quoted where it has to be.
std::string shell_word(const std::string& text);

/// The command that repeats a request.
std::string command_text(const LawRequest& request);

}  // namespace lemmabench
