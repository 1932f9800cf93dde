#pragma once

#include "app/commands/command.hpp"

namespace CLI {
class App;
}

namespace lemmabench {

/// `lemmabench particles`: samples of any sampler on any target, and what they say of its law.
void add_particles_command(CLI::App& app, CommandOutcome& outcome);

}  // namespace lemmabench
