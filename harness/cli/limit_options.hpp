#pragma once

#include <CLI/CLI.hpp>

#include "harness/plugin/child_process.hpp"

namespace lemmabench {

/// --time-limit and --memory-limit: what a law of a sampler from a header may use.
inline void add_limit_options(CLI::App& command, ChildLimits& limits) {
  command
      .add_option("--time-limit", limits.seconds,
                  "seconds that one law of a sampler from a header (./mine.hpp) may take")
      ->check(CLI::Range(0.1, 1e6))
      ->capture_default_str();
  command
      .add_option("--memory-limit", limits.memory_gigabytes,
                  "gigabytes of address space that such a law may take")
      ->check(CLI::Range(0.5, 1e6))
      ->capture_default_str();
}

}  // namespace lemmabench
