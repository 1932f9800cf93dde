#pragma once

#include "numerics/order_fit.hpp"
#include "theory/process/schedule.hpp"

namespace lemmabench {

/// The model whose h is proportional to the schedule's own step: log_corrected for li-cai and
/// two-phase, power for all others. Decided by the schedule, never by which one fits better.
ScalingModel natural_model(const ScheduleKind& schedule);

}  // namespace lemmabench
