#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "harness/io/toml_document.hpp"
#include "harness/studies/sweep/sweep_grid.hpp"

namespace lemmabench {

/// The keys read_law_grid() reads.
std::vector<std::string_view> law_grid_keys();

/// All of a grid but its samplers from one table of a document, with the keys and defaults of
/// parse_sweep_grid(). Keys it does not know are the caller's. Throws InputError (file:line).
SweepGrid read_law_grid(const TomlDocument& document, const toml::table& within);

/// Every entry of the list `samplers` in canonical text.
std::vector<std::string> read_samplers(const TomlDocument& document, const toml::table& within);

}  // namespace lemmabench
