#pragma once

#include <string>
#include <vector>

#include "numerics/child_limits.hpp"

namespace lemmabench {

/// How a child ended, and what it wrote.
struct ChildOutcome {
  enum class End { exited, crashed, too_slow, too_much_output };
  End end = End::exited;
  int code = 0;  ///< exit code, or the signal it crashed by
  std::string out;
  std::string err;
};

/// Runs a program in a child process and waits for it. `command` is the path of the program and its
/// arguments, `environment` is added to ours ("NAME=value"). At the time limit, or after 256 MB of
/// output, the child and what it started are killed. It dies with us, and leaves no core file.
/// Thread-safe. Throws NumericalFailure if no process can be started; a program that does not exist
/// exits with code 127.
ChildOutcome run_child(const std::vector<std::string>& command,
                       const std::vector<std::string>& environment, const ChildLimits& limits);

}  // namespace lemmabench
