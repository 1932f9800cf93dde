#pragma once

#include "numerics/error.hpp"
#include "numerics/exactly.hpp"
#include "theory/process/schedule.hpp"

namespace lemmabench {

/// The coefficients of the step t -> t-1, made from two (or three) neighbouring levels.
/// In the notation of theory.md section 3: b = b_t = 1-alpha_t, b1 = b_{t+1}.
template <class Real>
struct Step {
  int t = 0;        ///< from level t to level t-1; T >= t >= 2
  int steps = 0;    ///< T
  long dim = 1;     ///< d, for the scales of clip and intermediate noise
  Real abar;        ///< abar_t
  Real noise;       ///< 1-abar_t, to full relative accuracy
  Real noise_next;  ///< 1-abar_{t-1}, the level the step arrives at
  Real alpha;       ///< alpha_t = abar_t/abar_{t-1}
  Real sqrt_alpha;
  Real b;  ///< 1-alpha_t, to full relative accuracy
  Real h;  ///< (1-alpha_t)/(1-abar_t) = 1 - snr_t/snr_{t-1}
  /// Coefficients of the step t+1 -> t, for samplers that look back; meaningful if t < steps.
  Real sqrt_alpha1;
  Real b1;
  /// Coefficients of the step t-1 -> t-2, for samplers that look ahead; meaningful if t > 2.
  Real sqrt_alpha_next;
  Real b_next;
  /// All levels, for samplers that look farther than a neighbour; null where a step is a series.
  const Schedule<Real>* schedule = nullptr;

  /// Level t, where the step starts.
  Level<Real> level() const { return {abar, noise}; }
  bool first() const { return t == steps; }
  /// Level t has no signal (abar = 0, alpha = 0, h = 1): Y_t says nothing of X_0.
  bool from_noise() const { return is_exactly_zero(abar); }
  /// Level t-1 has no noise (h = 1): Y_{t-1} is compared with X_0 itself.
  bool to_data() const { return is_exactly_zero(noise_next); }
};

/// What a sampler may do with a state: an abstract machine that every engine implements.
///
/// A sampler is one or more kernels "deterministic map of the state using score calls, then
/// Gaussian noise". State is a vector space element: +, -, and product and quotient with a Real.
/// On the Gaussian law it is an affine form per eigenvalue, on the line law a batch of points, with
/// particles a batch of vectors; the sampler cannot tell.
template <class StateType, class RealType>
class Walk {
 public:
  using State = StateType;
  using Real = RealType;

  Walk() = default;
  Walk(const Walk&) = delete;
  Walk& operator=(const Walk&) = delete;
  virtual ~Walk() = default;

  /// Where the walk is: Y_t at the start of a step, and after each move().
  virtual State state() = 0;
  /// The score estimate s_t(y) at level t in 1..T (exact or perturbed, the sampler cannot tell).
  virtual State score(int t, const State& y) = 0;
  /// The same at any level, of the schedule or between its levels.
  virtual State score_at(const Level<Real>&, const State&) {
    throw EngineRefusal(
        "this computation knows the scores at the levels of the schedule only, and the sampler "
        "asks for one in between");
  }
  /// E[X_0 | X_T = y] where level T has no signal: E[X_0] in every state. There the exact score is
  /// -y and says nothing of it, so that a walk with another score estimate refuses.
  virtual State data_mean() {
    throw EngineRefusal(
        "this computation knows no data prediction at a level without signal (abar = 0); let the "
        "first level of --schedule have some");
  }
  /// What later steps may recall() from a slot, 0 to kMemorySlots - 1: the form of it in the
  /// present state. It is there from the end of the present kernel on, in place of what the slot
  /// held, until the slot is given another.
  virtual void remember(int /*slot*/, const State&) { refuse_memory(); }
  /// What an earlier kernel has remembered in the slot. SamplerMisuse if none has.
  virtual State recall(int /*slot*/) { refuse_memory(); }
  /// The same for a sampler that remembers one vector.
  void remember(const State& y) { remember(0, y); }
  State recall() { return recall(0); }
  /// y + sd Z' with fresh independent Z' inside a kernel (the intermediate noise of theory.md
  /// section 3).
  virtual State add_noise(const State& y, const Real& sd) = 0;
  /// clip_R(u) = u if |u| <= R, else R u/|u|. Engines on which this is not exact refuse.
  virtual State clip(const State& u, const Real& radius) = 0;
  /// clamp_c(u), every coordinate to [-c, c], as image samplers do to their data prediction. It
  /// looks at one coordinate at a time, but not at |u| alone, as clip() does.
  virtual State clamp(const State&, const Real& /*bound*/) {
    throw EngineRefusal(
        "the sampler clamps every coordinate, which this computation has no way to follow; on a "
        "mixture on the line or a product of such `lemmabench law` takes it, on any target "
        "`lemmabench particles`");
  }
  /// Ends a kernel: the state becomes mean + sd Z with fresh independent Z ~ N(0, I).
  virtual void move(const State& mean, const Real& sd) = 0;
  /// Ends a deterministic kernel: the state becomes mean.
  virtual void move(const State& mean) = 0;

 private:
  [[noreturn]] static void refuse_memory() {
    throw EngineRefusal(
        "the sampler remembers earlier steps, and this computation carries one state from step to "
        "step; on Gaussian targets, mixtures on the line and products of them `lemmabench law` has "
        "it, on any target `lemmabench particles`");
  }
};

}  // namespace lemmabench
