#pragma once

#include "app/commands/command.hpp"

namespace CLI {
class App;
}

namespace lemmabench {

/// `lemmabench judge`: samples made elsewhere against the exact law they were to have.
void add_judge_command(CLI::App& app, CommandOutcome& outcome);

}  // namespace lemmabench
