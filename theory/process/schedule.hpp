#pragma once

#include <functional>
#include <string>
#include <variant>
#include <vector>

#include "numerics/rational.hpp"
#include "numerics/scalar.hpp"

namespace lemmabench {

/// A noise level of the forward process X_t = sqrt(abar) X_0 + sqrt(1-abar) Z (theory.md section
/// 1). Both numbers are kept to full relative accuracy: 1-abar reaches 1e-20 and below at the data
/// end, where 1 - (double)abar would be 0.
template <class Real>
struct Level {
  Real abar;   ///< signal fraction, in (0, 1)
  Real noise;  ///< 1 - abar, in (0, 1)

  /// snr_t = abar_t/(1-abar_t).
  Real snr() const { return abar / noise; }
};

/// The schedule of Li & Cai [Q: GMM eq. (12), citing LC App. B.1]:
///   abar_T = T^{-c0},  abar_{t-1} = abar_t + L abar_t (1-abar_t),  L = c1 log T/T,  t = T..2.
/// Exact consequences used here [D, claim S1]: h_t = L/(1+L(1-abar_t)), and
/// 1-abar_{t-1} = (1-abar_t)(1 - L abar_t), so no subtraction ever cancels.
/// The paper asks for c1/c0 > 4 and both large enough; that is a hypothesis of its claims, not a
/// condition for the schedule to exist.
struct LiCaiSchedule {
  Rational c0{2};
  Rational c1{9};
};

/// Uniform in logit = log snr from level T (`from`) to level 1 (`to`): no log factor in the step
/// and an end level that does not move with T, hence clean exponents. h_t = 1 -
/// e^{-(to-from)/(T-1)}.
struct LogitSchedule {
  Rational from{-9};
  Rational to{9};
};

/// beta_1 = T^{-c0}, beta_t = L min(beta_1 (1+L)^t, 1) with L = c1 log T/T
/// [Q: SGM, ODE, LY, HO].
struct TwoPhaseSchedule {
  Rational c0{2};
  Rational c1{9};
};

/// DDPM's linear beta from `first` to `last` (defaults 1e-4 and 0.02 at 1000 steps, scaled by
/// 1000/T as usual). Ho, Jain, Abbeel, NeurIPS 2020, section 4.
struct LinearSchedule {
  Rational first{1, 10000};
  Rational last{2, 100};
};

/// abar_t = f(t)/f(0), f(t) = cos^2((t/T+s)/(1+s) pi/2), beta capped at 0.999.
/// Nichol & Dhariwal, ICML 2021, eq. (17).
struct CosineSchedule {
  Rational s{8, 1000};
};

/// sigma_i^{1/rho} equispaced from sigma_max to sigma_min, abar = 1/(1+sigma^2).
/// Karras, Aittala, Aila, Laine, NeurIPS 2022, eq. (5).
struct KarrasSchedule {
  Rational sigma_min{2, 1000};
  Rational sigma_max{80};
  Rational rho{7};
};

using ScheduleKind = std::variant<LiCaiSchedule, LogitSchedule, TwoPhaseSchedule, LinearSchedule,
                                  CosineSchedule, KarrasSchedule>;

/// The largest number of steps any schedule is built for (memory: about 300 bytes a level in
/// balls).
inline constexpr long kMaxSteps = 10'000'000;

/// Canonical text, e.g. "li-cai:c0=2,c1=9"; parses back to the same schedule.
std::string text(const ScheduleKind& kind);

/// What a schedule of the theory must keep its steps below.
enum class StepBound {
  half,   ///< h_t < 1/2: the overshooting samplers need 2 alpha_t - 1 - abar_t > 0
  whole,  ///< h_t < 1: level t-1 has noise, which is all that the other samplers need
};

/// The levels t = 1..T of a schedule and h_t for t = 2..T.
///
/// Level 1 is the least noisy (what X_1 and Y_1 live at), level T the noisiest. Immutable.
template <class Real>
class Schedule {
 public:
  /// Builds all levels; O(T) time and memory. Throws InputError
  ///  - when T < 2 or T > kMaxSteps, or a parameter is outside the range its struct names;
  ///  - for the schedules of the theory (li-cai, two-phase, logit) when some h_t is not within the
  ///    bound; the message names the least T that works.
  Schedule(const ScheduleKind& kind, long steps, StepBound bound = StepBound::half);

  int steps() const { return static_cast<int>(levels_.size()); }
  /// Level t, 1 <= t <= T.
  const Level<Real>& level(int t) const { return levels_[static_cast<std::size_t>(t) - 1]; }
  /// h_t = (1-alpha_t)/(1-abar_t) = 1 - snr_t/snr_{t-1}, 2 <= t <= T.
  const Real& h(int t) const { return h_[static_cast<std::size_t>(t) - 1]; }
  /// b_t = 1-alpha_t = h_t (1-abar_t), 2 <= t <= T.
  Real b(int t) const { return h(t) * level(t).noise; }
  /// alpha_t = abar_t/abar_{t-1}, 2 <= t <= T.
  Real alpha(int t) const { return level(t).abar / level(t - 1).abar; }

  /// The schedule with every number times factor(t, k): abar_t for k = 0, 1-abar_t for k = 1 and
  /// h_t for k = 2. With factors of 1 to an eps or two it shows what the rounding of levels does to
  /// a computed law.
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
