#pragma once

#include "app/commands/command.hpp"

namespace CLI {
class App;
}

namespace lemmabench {

void add_losses_command(CLI::App& app, CommandOutcome& outcome);

}  // namespace lemmabench
