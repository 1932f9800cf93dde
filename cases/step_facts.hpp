#pragma once

#include <string>

#include "cases/sampler.hpp"

namespace lemmabench {

/// What the steps of a sampler are seen to do, whatever it says of itself (SamplerInfo).
struct StepFacts {
  bool answered = false;      ///< some step ran; the rest means nothing if none did
  bool noise = false;         ///< some step draws
  bool remembers = false;     ///< some step remembers or recalls
  bool one_kernel = true;     ///< every step is y -> N(Psi(y), s^2): one kernel with noise
  bool intermediate = false;  ///< some step draws inside a kernel
  bool path_noise = true;     ///< s^2 = b/alpha in every step, in balls of 256 bits
  int score_calls = 0;        ///< a step; 0 if that is not the same for all
  std::string wrong_noise;    ///< the first step without path_noise: "t = 3 of 7, karras:..."
};

/// Runs every step of seven short schedules with parameters without a pattern on a FreeWalk, in
/// balls of 256 bits, in dimensions 1 to 7. A step that throws is left out, unless the walk itself
/// refuses what it does (SamplerMisuse). 0.5 ms for a sampler with one score call.
StepFacts observe_steps(const Sampler& sampler);

/// What is false in a sampler's description, one line ("says deterministic = true, but draws
/// noise"); empty if nothing is. Options that a description cannot know of (intermediate noise, a
/// noise of 0) are no contradiction.
std::string false_declaration(const SamplerInfo& info, const StepFacts& facts);

/// What is true of path_kernel (SamplerInfo). With an intermediate noise Psi is random, which
/// whoever uses the kernel sees in the step itself.
bool is_path_kernel(const StepFacts& facts);

}  // namespace lemmabench
