#pragma once

#include <string>

#include "harness/studies/losses/losses.hpp"

namespace lemmabench {

/// The steps as a table, and below it what was not evaluated and why.
std::string losses_text(const LossTable& table);

/// "2.48 [2.40, 2.55]", or "not evaluated".
std::string power_text(const PowerOfDimension* power);
/// "two-scale", or "-" where nothing was evaluated.
std::string attained_text(const PowerOfDimension* power);
/// "5/2".
std::string claimed_text(const LossStep& step);

}  // namespace lemmabench
