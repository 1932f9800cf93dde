#pragma once

#include "app/commands/command.hpp"

namespace CLI {
class App;
}

namespace lemmabench {

/// `lemmabench sweep GRID.toml --store FILE.sqlite [--threads N]`: computes the cells of a grid
/// that the store does not have yet. Exit code 0, or 1 if a cell of the grid has failed.
void add_sweep_command(CLI::App& app, CommandOutcome& outcome);

}  // namespace lemmabench
