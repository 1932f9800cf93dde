#pragma once

#include "app/commands/command.hpp"

namespace CLI {
class App;
}

namespace lemmabench {

/// `lemmabench compare`: the regression gate, and the writing of its baselines.
void add_compare_command(CLI::App& app, CommandOutcome& outcome);

}  // namespace lemmabench
