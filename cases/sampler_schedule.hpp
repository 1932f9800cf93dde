#pragma once

#include <string>
#include <vector>

#include "cases/sampler.hpp"
#include "theory/process/schedule.hpp"

namespace lemmabench {

/// Throws InputError, one line that says which step and why, if a step of the sampler beside an end
/// level without noise or signal, or beside two equal levels, is no finite number there (a division
/// by h_t = 0 or by alpha_T = 0). Found out by running these steps, in balls of 256 bits: a
/// millisecond each. Other steps are not run.
void require_end_steps(const Sampler& sampler, const ScheduleKind& kind, long steps);

/// What a reader should know of the levels: that the last has no noise, and how many steps lie
/// between equal ones. One line each; none mostly.
std::vector<std::string> level_notes(const Schedule<double>& schedule);

/// The levels that a sampler runs on: h_t < 1/2 is asked of a schedule of the theory only for a
/// sampler whose step has no meaning without it (SamplerInfo::overshoots). Whoever asks for closed
/// ends can compute with a level without noise or signal. Throws InputError.
template <class Real>
Schedule<Real> schedule_for(const Sampler& sampler, const ScheduleKind& kind, long steps,
                            EndLevels ends = EndLevels::open) {
  Schedule<Real> out(kind, steps, sampler.info().overshoots ? StepBound::half : StepBound::whole,
                     ends);
  if (out.from_noise() || out.to_data() || !out.pauses().empty()) {
    require_end_steps(sampler, kind, steps);
  }
  return out;
}

}  // namespace lemmabench
