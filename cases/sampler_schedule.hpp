#pragma once

#include "cases/sampler.hpp"
#include "theory/schedule.hpp"

namespace lemmabench {

/// The levels that a sampler runs on.
template <class Real>
Schedule<Real> schedule_for(const Sampler&, const ScheduleKind& kind, long steps) {
  return Schedule<Real>(kind, steps);
}

}  // namespace lemmabench
