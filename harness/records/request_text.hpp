#pragma once

#include <string>
#include <string_view>

#include "theory/process/output_law.hpp"

namespace lemmabench {

/// "gaussian" or "exact".
std::string_view name(Start start);

/// `text` as one word of a shell: quoted where it has to be.
std::string shell_word(const std::string& text);

/// The command that repeats a request.
std::string command_text(const LawRequest& request);

}  // namespace lemmabench
