#pragma once

#include <nlohmann/json_fwd.hpp>

#include "harness/studies/losses/losses.hpp"

namespace lemmabench {

/// The table with every family's values, powers and reasons.
nlohmann::ordered_json losses_json(const LossTable& table);

}  // namespace lemmabench
