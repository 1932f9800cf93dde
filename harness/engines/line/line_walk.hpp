#pragma once

#include <map>
#include <optional>
#include <set>
#include <vector>

#include "cases/kernel_walk.hpp"
#include "cases/memory_slots.hpp"
#include "cases/sampler.hpp"
#include "cases/score_estimate.hpp"
#include "harness/engines/line/line_kernel.hpp"
#include "numerics/mp.hpp"
#include "theory/mixture/line_mixture.hpp"
#include "theory/process/schedule.hpp"

namespace lemmabench {

/// What a line law is asked about, in one scalar.
template <class Real>
struct LineModel {
  LineMixture<Real> clean;  ///< the law of X_0
  Schedule<Real> schedule;
  const Sampler& sampler;
  const ScoreEstimate& score;
  long dim = 1;         ///< of the whole space, if the line is one coordinate of it
  bool turned = false;  ///< it is one only after a rotation of the target's own coordinates

  LineMixture<Real> marginal(int t) const { return clean.at_level(schedule.level(t)); }
};

/// What a score estimate may know of p_t; E s*^2 by quadrature to `tolerance`.
template <class Real>
LevelMoments<Real> line_moments(const LineMixture<Real>& marginal, double tolerance);

/// A law on panels that a sampler carries along: runs the sampler's own step on the batch of panel
/// nodes and propagates the density through each of its kernels. When a kernel finds the panels too
/// wide they are halved and the step runs again.
template <class Real>
class LineWalk final : public KernelWalk<Batch<Real>, Real> {
 public:
  /// With `exact_score` the estimate of the model is left out.
  LineWalk(const LineModel<Real>& model, bool exact_score, LinePropagator<Real>& propagator);

  /// The law's line is where laws are kept; one that spreads beyond it gets a longer one for as
  /// long as it must.
  void start(PanelFunction<Real> law);
  const PanelFunction<Real>& law() const { return laws_.back(); }
  /// The step t -> t-1. Throws EngineRefusal if the engine cannot carry it.
  void step(int t);
  /// All steps t = T..2 at once, for a deterministic sampler with memory: the points go all the way
  /// with what they remember, and the law is pushed forward by the composed map. Throws
  /// EngineRefusal if a step adds noise, which no point can remember.
  void run();
  /// Scores asked for by the steps so far, each step counted once.
  long score_calls() const { return score_calls_; }

  Batch<Real> state() override;
  Batch<Real> score(int t, const Batch<Real>& y) override {
    return score_at(model_.schedule.level(t), y);
  }
  Batch<Real> score_at(const Level<Real>& level, const Batch<Real>& y) override;
  Batch<Real> data_mean() override;
  void remember(int slot, const Batch<Real>& y) override;
  Batch<Real> recall(int slot) override;
  Batch<Real> clip(const Batch<Real>& u, const Real& radius) override;
  Batch<Real> clamp(const Batch<Real>& u, const Real& bound) override;
  using KernelWalk<Batch<Real>, Real>::move;
  void move(const Batch<Real>& mean) override { end_kernel(mean, std::nullopt); }

 private:
  Batch<Real> with_noise(const Batch<Real>& y, const Real& sd) override;
  void move_with_noise(const Batch<Real>& mean, const Real& sd) override { end_kernel(mean, sd); }
  void end_kernel(const Batch<Real>& mean, const std::optional<Real>& sd);
  DyadicLine line_after(const Batch<Real>& mean, const std::optional<Real>& sd) const;
  void look_between(const Batch<Real>& y, const LineMixture<Real>& marginal);
  bool halve_sparse();

  const LineModel<Real>& model_;
  bool exact_score_;
  LinePropagator<Real>& propagator_;
  std::map<Real, LevelMoments<Real>> moments_;  ///< by snr, of the levels the step touches
  std::vector<PanelFunction<Real>> laws_;       ///< before the step and after each of its kernels
  std::optional<DyadicLine> line_;              ///< of the law it started with
  std::size_t stage_ = 0;                       ///< which of them the sampler looks at
  bool again_ = false;                          ///< panels were halved: the step runs again
  std::set<std::size_t> sparse_;                ///< panels that scores of this kernel ask to halve
  std::vector<Real> copy_weights_;
  bool clipped_ = false;  ///< a clip has cut off part of the kernel under way
  long composed_ = 1;     ///< maps that the kernel under way is made of
  WorkBudget budget_{"line"};
  /// Of run(): where the points of the starting law are, and what they remember.
  struct Flow {
    Batch<Real> at;
    MemorySlots<Batch<Real>> memory;
  };
  std::optional<Flow> flow_;
  long score_calls_ = 0;
  long calls_of_step_ = 0;
};

#define LEMMABENCH_EXTERN(Real)                                                            \
  extern template LevelMoments<Real> line_moments<Real>(const LineMixture<Real>&, double); \
  extern template class LineWalk<Real>;
LEMMABENCH_FOR_EACH_FLOAT(LEMMABENCH_EXTERN)
#undef LEMMABENCH_EXTERN

}  // namespace lemmabench
