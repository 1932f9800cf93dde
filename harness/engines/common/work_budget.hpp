#pragma once

#include <fmt/format.h>

#include <string_view>

#include "numerics/error.hpp"
#include "numerics/evaluation_budget.hpp"

namespace lemmabench {

/// Work that one computation of a law may take, in evaluations of a kernel or a polynomial at a
/// point (5 to 10 ns each in double). A law that resolves needs some ten thousand a step, a hard
/// one a million; one that does not would go on refining for hours. Counted, not timed, so that the
/// same command ends the same way on every machine.
class WorkBudget {
 public:
  explicit WorkBudget(std::string_view engine) : engine_(engine) {}

  /// A step more will be taken.
  void begin_step() {
    ++steps_;
    left_ += kPerStep;
  }
  /// Throws EngineRefusal if that much is not left; call it before the work is done.
  void spend(double evaluations) {
    EvaluationBudget::spend(kOfBalls * evaluations);
    left_ -= evaluations;
    if (!(left_ >= 0)) {
      throw EngineRefusal(fmt::format(
          "the {} law would take more than {:.0e} evaluations by its step {}: kernel and law "
          "differ "
          "too much in scale for panels; `lemmabench particles` bounds its total variation",
          engine_, kBase + kPerStep * static_cast<double>(steps_), steps_));
    }
  }

 private:
  static constexpr double kBase = 6e8;
  static constexpr double kPerStep = 5e6;
  /// Evaluations of balls (1 us) in one of these: what a law costs the claim that asks for it.
  static constexpr double kOfBalls = 0.005;

  std::string_view engine_;
  double left_ = kBase;
  long steps_ = 0;
};

}  // namespace lemmabench
