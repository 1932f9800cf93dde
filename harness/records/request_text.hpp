#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "theory/process/output_law.hpp"

namespace lemmabench {

/// "gaussian" or "exact".
std::string_view name(Start start);
/// The start of that name. Throws InputError starting with `origin` for another word.
Start parse_start(std::string_view text, std::string_view origin);

/// `text` as one word of a shell: as it is if it consists of letters, digits and _@%+=:,./- alone,
/// else in single quotes.
std::string shell_word(const std::string& text);

/// The options of `lemmabench law` that ask for it, one word each: --target, --sampler, --steps and
/// --schedule (not for a scheme, which has its own), and of the others those that are not the
/// default.
std::vector<std::string> request_options(const LawRequest& request);

/// The options as one line of a shell. The key of a request, in the store's order of cells, in
/// memos and to compute it again: two canonical requests have the same text exactly if they ask the
/// same.
std::string canonical_text(const LawRequest& request);

/// The same for all requests that differ in their steps alone.
std::string series_text(LawRequest request);

/// The command that repeats a request.
std::string command_text(const LawRequest& request);

}  // namespace lemmabench
