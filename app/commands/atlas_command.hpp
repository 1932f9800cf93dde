#pragma once

#include "app/commands/command.hpp"

namespace CLI {
class App;
}

namespace lemmabench {

/// `lemmabench atlas`: T*(d, eps) of families of targets, and its exponents against the bounds.
void add_atlas_command(CLI::App& app, CommandOutcome& outcome);

}  // namespace lemmabench
