#pragma once

#include <fmt/format.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <stdexcept>
#include <string>

namespace lemmabench::bench {

/// What a peer script printed: its seconds without the interpreter's start, and its result.
struct PeerRun {
  double seconds = 0;
  double value = 0;
};

/// Runs bench/peers/<script> with Debian's python3 (LEMMABENCH_PYTHON to use another).
inline PeerRun run_peer(const std::string& script, const std::string& arguments) {
  const char* python = std::getenv("LEMMABENCH_PYTHON");
  const std::string command =
      fmt::format("{} {}/bench/peers/{} {}", python != nullptr ? python : "/usr/bin/python3",
                  LEMMABENCH_SOURCE_DIR, script, arguments);
  const std::unique_ptr<FILE, int (*)(FILE*)> pipe(popen(command.c_str(), "r"), pclose);
  std::array<char, 256> line{};
  PeerRun run;
  if (!pipe || std::fgets(line.data(), static_cast<int>(line.size()), pipe.get()) == nullptr ||
      std::sscanf(line.data(), "%lf %lf", &run.seconds, &run.value) != 2) {
    throw std::runtime_error("the peer failed: " + command);
  }
  return run;
}

}  // namespace lemmabench::bench
