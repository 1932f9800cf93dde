#pragma once

#include "app/commands/command.hpp"

namespace CLI {
class App;
}

namespace lemmabench {

/// `lemmabench mutants`: planted bugs, what catches each, and how small they may be.
void add_mutants_command(CLI::App& app, CommandOutcome& outcome);

}  // namespace lemmabench
