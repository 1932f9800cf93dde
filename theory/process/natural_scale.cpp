#include "theory/process/natural_scale.hpp"

#include <variant>

namespace lemmabench {

ScalingModel natural_model(const ScheduleKind& schedule) {
  const bool logarithmic = std::holds_alternative<LiCaiSchedule>(schedule) ||
                           std::holds_alternative<TwoPhaseSchedule>(schedule);
  return logarithmic ? ScalingModel::log_corrected : ScalingModel::power;
}

}  // namespace lemmabench
