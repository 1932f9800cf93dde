#pragma once

#include "app/commands/command.hpp"

namespace CLI {
class App;
}

namespace lemmabench {

/// `lemmabench heavy-tails`: what happens as the second moment goes away.
void add_heavy_tails_command(CLI::App& app, CommandOutcome& outcome);

}  // namespace lemmabench
