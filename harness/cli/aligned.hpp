#pragma once

#include <string>
#include <vector>

namespace lemmabench {

/// Rows of equal length, at least one, as left-aligned columns two spaces apart, a line each.
std::string aligned(const std::vector<std::vector<std::string>>& rows);

}  // namespace lemmabench
