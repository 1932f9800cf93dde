#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "theory/process/output_law.hpp"

namespace lemmabench {

/// One line per row of the report's "orders".
std::string orders_csv(const nlohmann::ordered_json& orders);

/// One line per cell: request, engine, arithmetic, TV, KL both ways, Hellinger and the command.
std::string cells_csv(const std::vector<LawResult>& cells);

/// The judged orders as an aligned text table for a terminal.
std::string headline_text(const nlohmann::ordered_json& document);

}  // namespace lemmabench
