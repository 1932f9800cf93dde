#pragma once

#include "app/commands/command.hpp"

namespace CLI {
class App;
}

namespace lemmabench {

/// `lemmabench report [FILE.sqlite | --suite quick|full] -o DIR [--threads N]`: computes what is
/// missing of the suite (or takes a store's cells as they are), writes the report and prints the
/// headline table and the path of index.html. A suite's cells are kept in DIR/cells.sqlite, so that
/// a report that was killed goes on where it stopped.
void add_report_command(CLI::App& app, CommandOutcome& outcome);

}  // namespace lemmabench
