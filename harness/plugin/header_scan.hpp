#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace lemmabench {

/// The sampler class of a header: the one class or struct outside of any other in whose body
/// `SamplerInfo` occurs, with its namespaces ("mine::Midpoint"). Comments and texts do not count.
/// Throws InputError, starting with `file`, if there is none or more than one; it says what such a
/// class looks like.
std::string find_sampler_class(std::string_view header, std::string_view file);

/// The header and all files it includes in quotes, themselves so, that lie beside it or where the
/// quoted path leads from there: what a change of may change the plug-in. In order of first
/// mention, each once, at most 1000. Throws InputError if the header itself cannot be read.
std::vector<std::filesystem::path> included_files(const std::filesystem::path& header);

}  // namespace lemmabench
