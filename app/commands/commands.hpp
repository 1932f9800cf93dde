#pragma once

#include "app/commands/command.hpp"

namespace CLI {
class App;
}

namespace lemmabench {

/// Adds every command of lemmabench to the application; a new command is one line in its source.
void add_commands(CLI::App& app, CommandOutcome& outcome);

}  // namespace lemmabench
