#pragma once

#include "app/commands/command.hpp"

namespace CLI {
class App;
}

namespace lemmabench {

/// `lemmabench audit DIR`.
void add_audit_command(CLI::App& app, CommandOutcome& outcome);

}  // namespace lemmabench
