#pragma once

#include <string>

#include "harness/studies/heavy_tails/heavy_tails.hpp"

namespace lemmabench {

/// The same as a table, at the largest T of each kind.
std::string heavy_tails_text(const HeavyTailResult& result);

}  // namespace lemmabench
