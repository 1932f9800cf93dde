#pragma once

#include <string>

#include "theory/claims/laboratory.hpp"

namespace lemmabench {

/// Laboratory::step_map for the samplers of cases/: makes the sampler that `sampler` names and runs
/// its step on Taylor series. Cost: that of the step's few dozen jet operations and of the score
/// calls.
Jet<Ball> sampler_step_map(const std::string& sampler, const JetStep& step, const Jet<Ball>& x,
                           const JetScore& score);

}  // namespace lemmabench
