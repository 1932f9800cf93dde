#pragma once

#include "app/commands/command.hpp"

namespace CLI {
class App;
}

namespace lemmabench {

/// `lemmabench verify`: runs the claims on the cases and prints the ledger. Exit code 1 when a
/// claim is violated or inconclusive, or a control was not caught.
void add_verify_command(CLI::App& app, CommandOutcome& outcome);

}  // namespace lemmabench
