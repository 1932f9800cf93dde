#pragma once

#include "app/commands/command.hpp"

namespace CLI {
class App;
}

namespace lemmabench {

/// `lemmabench certificate`: upper bounds of KL and TV in any dimension, by Monte Carlo.
void add_certificate_command(CLI::App& app, CommandOutcome& outcome);

}  // namespace lemmabench
