#pragma once

#include "cases/walk.hpp"
#include "numerics/error.hpp"
#include "numerics/finite.hpp"

namespace lemmabench {

/// A walk that turns coefficients of fresh draws into kernels: what every engine that needs a
/// standard deviation derives from, so that none sees a sign or a zero.
///
/// A coefficient c of an independent draw Z ~ N(0, I) may have any sign: -Z and Z have one law,
/// jointly with everything drawn before, so N(mean, c^2 I) is the kernel of deviation |c|; and with
/// c = 0 there is no noise at all, the kernel is deterministic. Both are decided here, once. A sign
/// is lost only with a draw of its own: what is made of one draw in two places is arithmetic on
/// states, which no walk sees. (A walk between a sampler and an engine, such as MutantWalk, hands
/// the coefficient on as it is: two of them may still become one.)
///
/// A coefficient that is no finite number is an EngineRefusal.
template <class StateType, class RealType>
class KernelWalk : public Walk<StateType, RealType> {
 public:
  using State = StateType;
  using Real = RealType;
  using Walk<StateType, RealType>::move;

  State add_noise(const State& y, const Real& coefficient) final {
    const Real sd = deviation(coefficient);
    return sd > 0 ? with_noise(y, sd) : y;
  }
  void move(const State& mean, const Real& coefficient) final {
    const Real sd = deviation(coefficient);
    if (sd > 0) {
      move_with_noise(mean, sd);
    } else {
      this->move(mean);
    }
  }

 protected:
  /// y + sd Z' inside a kernel; sd > 0.
  virtual State with_noise(const State& y, const Real& sd) = 0;
  /// Ends a kernel N(mean, sd^2 I); sd > 0.
  virtual void move_with_noise(const State& mean, const Real& sd) = 0;

 private:
  static Real deviation(const Real& coefficient) {
    if (!is_finite(coefficient)) {
      throw EngineRefusal(
          "a noise of the sampler is no finite number: its formula leaves its range at these "
          "steps; `lemmabench list schedules` has others, and more steps may do");
    }
    return coefficient < 0 ? Real(-coefficient) : coefficient;
  }
};

}  // namespace lemmabench
