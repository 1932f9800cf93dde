#pragma once

#include "app/commands/command.hpp"

namespace CLI {
class App;
}

namespace lemmabench {

/// `lemmabench law`: one output law, its distances to the truth and the parts of the error.
void add_law_command(CLI::App& app, CommandOutcome& outcome);

}  // namespace lemmabench
