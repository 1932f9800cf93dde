#pragma once

#include "cases/sampler.hpp"
#include "theory/process/schedule.hpp"

namespace lemmabench {

/// The levels that a sampler runs on: h_t < 1/2 is asked of a schedule of the theory only for a
/// sampler whose step has no meaning without it (SamplerInfo::overshoots). Throws InputError.
template <class Real>
Schedule<Real> schedule_for(const Sampler& sampler, const ScheduleKind& kind, long steps) {
  return Schedule<Real>(kind, steps,
                        sampler.info().overshoots ? StepBound::half : StepBound::whole);
}

}  // namespace lemmabench
