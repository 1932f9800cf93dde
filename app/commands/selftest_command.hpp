#pragma once

#include "app/commands/command.hpp"

namespace CLI {
class App;
}

namespace lemmabench {

/// `lemmabench selftest`: random questions, each answered two ways.
void add_selftest_command(CLI::App& app, CommandOutcome& outcome);

}  // namespace lemmabench
