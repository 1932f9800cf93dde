#pragma once

#include <string_view>

namespace lemmabench {

/// True where a sampler's name is that of a scheme: a JSON file, "./x.json" or "./x.json:hash=..."
/// (harness/records/scheme_file.hpp reads it). It has its own levels and is no step from one level
/// of a schedule to the next.
inline bool names_scheme(std::string_view sampler) {
  return sampler.substr(0, sampler.find(':')).ends_with(".json");
}

}  // namespace lemmabench
