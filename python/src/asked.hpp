#pragma once

#include <string>

#include "theory/process/output_law.hpp"

namespace lemmabench {

/// A question about a law in the words of the command line. `schedule` empty is the default.
struct Asked {
  std::string target;
  std::string sampler;
  std::string steps;  ///< a whole number; empty: what the schedule itself says
  std::string schedule;
  std::string start = "gaussian";
  std::string score = "exact";
  long digits = 0;
  std::string arithmetic = "ball";
};

/// A name for a scheme that is in no file; the package puts the scheme's own in its place.
inline constexpr const char* kSchemeInMemory = "scheme.json";

/// The request, checked as the command line checks it, with its messages. Throws InputError.
LawRequest request_of(const Asked& asked);

/// `threads`, 0 for one a processor. Throws InputError outside 0..1024.
int threads_of(long threads);

/// Throws EngineRefusal for a sampler from a C++ header: its code would run in this process.
void refuse_header(const std::string& sampler);

}  // namespace lemmabench
