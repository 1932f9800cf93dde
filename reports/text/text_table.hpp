#pragma once

#include <string>
#include <vector>

namespace lemmabench {

/// One line of a table.
using Row = std::vector<std::string>;

/// Rows of equal length as left-aligned columns, two spaces apart, each line without trailing
/// spaces.
std::string aligned(const std::vector<Row>& rows);

}  // namespace lemmabench
