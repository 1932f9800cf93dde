#pragma once

#include <memory>

#include "cases/sampler.hpp"

namespace lemmabench {

/// The sampler of a C++ header of the user's own (docs/own_sampler.md), `./mine.hpp` or
/// `./mine.hpp:key=value`. It is compiled (compile_plugin()) and loaded when it is first asked for
/// more than its text; its keys go to the class's constructor. The key `hash`, which text() gives,
/// says which content of the header was meant, as for TOML files. Throws InputError.
std::unique_ptr<Sampler> make_header_sampler(Spec& spec);

/// From now on names that end in .hpp are samplers' headers.
void register_header_samplers();

/// True for the text of such a sampler.
bool is_header_sampler(std::string_view text);

}  // namespace lemmabench
