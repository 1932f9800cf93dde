#pragma once

#include <functional>
#include <string>
#include <variant>
#include <vector>

#include "numerics/rational.hpp"
#include "numerics/scalar.hpp"
#include "theory/process/schedule_kinds.hpp"

namespace lemmabench {

/// A noise level of the forward process X_t = sqrt(abar) X_0 + sqrt(1-abar) Z (theory.md section
/// 1). Both numbers are kept to full relative accuracy: 1-abar reaches 1e-20 and below at the data
/// end, where 1 - (double)abar would be 0.
template <class Real>
struct Level {
  Real abar;   ///< signal fraction, in (0, 1); 0 at a level without signal
  Real noise;  ///< 1 - abar, in (0, 1); 0 at a level without noise

  /// snr_t = abar_t/(1-abar_t).
  Real snr() const { return abar / noise; }
};

/// What a schedule of the theory must keep its steps below.
enum class StepBound {
  half,   ///< h_t < 1/2: the overshooting samplers need 2 alpha_t - 1 - abar_t > 0
  whole,  ///< h_t < 1: level t-1 has noise, which is all that the other samplers need
};

/// Whether a schedule may end in levels at which there is no noise, or no signal.
enum class EndLevels {
  open,    ///< 0 < abar < 1 at every level
  closed,  ///< level 1 may be X_0 itself (then h_2 = 1) and level T may be Z (then h_T = 1)
};

/// The levels t = 1..T of a schedule and h_t for t = 2..T.
///
/// Level 1 is the least noisy (what X_1 and Y_1 live at), level T the noisiest. Immutable. What is
/// exactly 0 or 1 (a level without noise or signal, an h_t = 0 between equal levels) is so in every
/// scalar, in balls with radius 0.
template <class Real>
class Schedule {
 public:
  /// Builds all levels; O(T) time and memory. Throws InputError
  ///  - when T < 2 or T > kMaxSteps, or a parameter is outside the range its struct names;
  ///  - for the schedules of the theory (li-cai, two-phase, logit) when some h_t is not within the
  ///    bound; the message names the least T that works;
  ///  - with open ends when level 1 has no noise or level T no signal.
  Schedule(const ScheduleKind& kind, long steps, StepBound bound = StepBound::half,
           EndLevels ends = EndLevels::open);

  int steps() const { return static_cast<int>(levels_.size()); }
  /// Level t, 1 <= t <= T.
  const Level<Real>& level(int t) const { return levels_[static_cast<std::size_t>(t) - 1]; }
  /// h_t = (1-alpha_t)/(1-abar_t) = 1 - snr_t/snr_{t-1}, 2 <= t <= T.
  const Real& h(int t) const { return h_[static_cast<std::size_t>(t) - 1]; }
  /// b_t = 1-alpha_t = h_t (1-abar_t), 2 <= t <= T.
  Real b(int t) const { return h(t) * level(t).noise; }
  /// alpha_t = abar_t/abar_{t-1}, 2 <= t <= T.
  Real alpha(int t) const { return level(t).abar / level(t - 1).abar; }
  /// abar_T = 0: X_T is Z, whatever X_0 is.
  bool from_noise() const;
  /// 1-abar_1 = 0: X_1 is X_0.
  bool to_data() const;
  /// The t, falling, with levels t and t-1 that are equal (h_t = 0). O(T).
  std::vector<int> pauses() const;

  /// The schedule with every number times factor(t, k): abar_t for k = 0, 1-abar_t for k = 1 and
  /// h_t for k = 2. With factors of 1 to an eps or two it shows what the rounding of levels does to
  /// a computed law. What is exactly 0 or 1 stays so.
  Schedule scaled(const std::function<Real(int t, int k)>& factor) const;

 private:
  std::vector<Level<Real>> levels_;
  std::vector<Real> h_;
};

#define LEMMABENCH_EXTERN(Real) extern template class Schedule<Real>;
LEMMABENCH_FOR_EACH_COMMON_SCALAR(LEMMABENCH_EXTERN)
#undef LEMMABENCH_EXTERN

/// The least T >= 3 from which on h_t < 1/2 (or 1) for all t; 0 if none up to kMaxSteps.
long least_steps(const ScheduleKind& kind, StepBound bound = StepBound::half);

}  // namespace lemmabench
