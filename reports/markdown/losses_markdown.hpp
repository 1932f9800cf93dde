#pragma once

#include <string>

#include "harness/studies/losses/losses.hpp"

namespace lemmabench {

/// The steps as a Markdown table.
std::string losses_markdown(const LossTable& table);

}  // namespace lemmabench
