#pragma once

namespace lemmabench {

/// What a child process may use.
struct ChildLimits {
  double seconds = 60;          ///< wall clock
  double memory_gigabytes = 4;  ///< of address space (RLIMIT_AS)
};

}  // namespace lemmabench
