#pragma once

#include <memory>
#include <optional>
#include <string_view>

#include "cases/sampler.hpp"
#include "numerics/child_limits.hpp"

namespace lemmabench {

/// The sampler of a C++ header of the user's own (docs/own_sampler.md), `./mine.hpp` or
/// `./mine.hpp:key=value`. It is compiled (compile_plugin()) and loaded when it is first asked for
/// more than its text; its keys go to the class's constructor. The key `hash`, which text() gives,
/// says which content of the header was meant, as for TOML files. With a guard a child process with
/// these limits tries it before its code runs here (require_harmless()). Throws InputError.
std::unique_ptr<Sampler> make_header_sampler(Spec& spec, const std::optional<ChildLimits>& guard);

/// From now on names that end in .hpp are samplers' headers, each made with this guard. Call it
/// before threads start.
void register_header_samplers(const std::optional<ChildLimits>& guard);

/// True for the text of such a sampler.
bool is_header_sampler(std::string_view text);

}  // namespace lemmabench
