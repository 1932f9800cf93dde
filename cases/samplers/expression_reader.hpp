#pragma once

#include <toml++/toml.h>

#include <string>
#include <vector>

#include "cases/samplers/expression_steps.hpp"

/// The parts of a sampler's TOML file, one at a time (parse_expression_steps puts them together).
namespace lemmabench {

/// "mine.toml:7".
std::string at_line(const std::string& file, const toml::source_region& region);

/// The levels of [level.NAME] tables. Throws InputError.
std::vector<OwnLevel> read_levels(const toml::node& node, const std::string& file);

/// The stages of one list, [[KEY]]. Throws InputError for what is wrong within it.
StageList read_stages(const toml::node& node, const std::string& file, const std::string& key,
                      const std::vector<OwnLevel>& levels);

}  // namespace lemmabench
