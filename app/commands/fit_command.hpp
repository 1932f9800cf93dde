#pragma once

#include "app/commands/command.hpp"

namespace CLI {
class App;
}

namespace lemmabench {

/// `lemmabench fit FILE.sqlite [--format text|json] [--metric ..]`: the orders of every series of a
/// store. Exit code 0 if all are consistent with what is stated (or faster), 1 if one is slower or
/// inconclusive or if there is nothing to fit.
void add_fit_command(CLI::App& app, CommandOutcome& outcome);

}  // namespace lemmabench
