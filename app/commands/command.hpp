#pragma once

namespace lemmabench {

/// What a command of the command line leaves behind for main().
///
/// Each command lives in a file of its own that declares
/// `void add_<name>_command(CLI::App& app, CommandOutcome& outcome);`, which adds the subcommand
/// with its options. Its callback does the work, prints to stdout and sets `exit_code`; exceptions
/// travel on to main(), which maps them to the codes 2 and 3.
struct CommandOutcome {
  /// 0: all asked for holds; 1: something is violated, slower, failed or inconclusive.
  int exit_code = 0;
};

}  // namespace lemmabench
