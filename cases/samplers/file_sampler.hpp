#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "cases/sampler.hpp"

namespace lemmabench {

/// Makes a sampler from the file that `spec` names.
using SamplerOpener = std::function<std::unique_ptr<Sampler>(Spec& spec)>;

/// From now on names that end in `ending` (".hpp") are files for `open`; ".toml" belongs to
/// make_expression_sampler() from the start. Call it before threads start.
void open_samplers_with(std::string_view ending, SamplerOpener open);

/// True if the name in `text` has one of the endings.
bool names_sampler_file(std::string_view text);

/// The sampler of the file that `spec` names, or null if its name has none of the endings. Throws
/// what the opener throws.
std::unique_ptr<Sampler> open_sampler_file(Spec& spec);

/// As make_sampler(), for what a record names: a record outlives the files of its samplers. Where a
/// file is gone, has changed or is no longer good, the sampler's title says so and its steps
/// refuse.
std::unique_ptr<Sampler> recorded_sampler(const std::string& text, std::string_view origin);

}  // namespace lemmabench
