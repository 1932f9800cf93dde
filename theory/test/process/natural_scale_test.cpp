#include "theory/process/natural_scale.hpp"

#include <doctest/doctest.h>

namespace lemmabench {

TEST_CASE("exponents: the schedule decides the model") {
  CHECK(natural_model(LiCaiSchedule{}) == ScalingModel::log_corrected);
  CHECK(natural_model(TwoPhaseSchedule{}) == ScalingModel::log_corrected);
  CHECK(natural_model(LogitSchedule{}) == ScalingModel::power);
  CHECK(natural_model(KarrasSchedule{}) == ScalingModel::power);
}

}  // namespace lemmabench
