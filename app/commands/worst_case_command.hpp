#pragma once

#include "app/commands/command.hpp"

namespace CLI {
class App;
}

namespace lemmabench {

/// `lemmabench worst-case`: the targets with the largest error that a search finds.
void add_worst_case_command(CLI::App& app, CommandOutcome& outcome);

}  // namespace lemmabench
