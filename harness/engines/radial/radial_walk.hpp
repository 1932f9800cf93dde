#pragma once

#include <map>
#include <memory>
#include <optional>
#include <vector>

#include "cases/kernel_walk.hpp"
#include "cases/sampler.hpp"
#include "cases/score_estimate.hpp"
#include "harness/engines/radial/radial_propagator.hpp"
#include "numerics/mp.hpp"
#include "numerics/scalar.hpp"
#include "theory/process/schedule.hpp"
#include "theory/radial/law_marginal.hpp"
#include "theory/targets/radial_law.hpp"

namespace lemmabench {

/// What a radial law is asked about.
///
/// Radii at level t are counted in unit(t), v = log(|x|/(sqrt(d) unit(t))): 1 for scale mixtures,
/// the sphere's radius for shells, which near the data are far thinner than doubles are dense at
/// their radius (1 again at a level without signal, where it is 0). So the sampler's state is held
/// to 40 digits and v in doubles.
struct RadialModel {
  const RadialLaw& target;
  Schedule<Mp40> schedule;
  const Sampler& sampler;
  const ScoreEstimate& score;
  /// For the other run (two_runs.hpp): steps are taken to 40 digits but scores are of levels
  /// rounded to double, by which a step whose terms cancel is off in both runs alike if they round
  /// alike.
  bool rounded_anew = false;

  /// What the marginal at a level is computed from.
  Level<double> rounded(const Level<Mp40>& level) const;
  Level<double> level(int t) const { return rounded(schedule.level(t)); }
  Mp40 unit(const Level<Mp40>& level) const;
  Mp40 unit(int t) const { return unit(schedule.level(t)); }
  std::unique_ptr<RadialMarginal> marginal(const Level<double>& level, double fineness) const {
    return radial_marginal(target, level, fineness, true);
  }
  std::unique_ptr<RadialMarginal> marginal(int t, double fineness) const {
    return marginal(level(t), fineness);
  }
};

/// p_t, held by ratios (radial_ratio.hpp) to itself.
PanelFunction<double> radial_panels(const RadialMarginal& marginal, const DyadicLine& line,
                                    const RadialPropagator& propagator);

/// What a score estimate may know of p_t, by quadrature; `law` is p_t on panels.
LevelMoments<double> radial_moments(const RadialMarginal& marginal,
                                    const PanelFunction<double>& law, long dim);

/// A law of the radius that a sampler carries along. The sampler runs on the ray through x: its
/// state is the coordinate y along x/|x|, positive at first, and because scores are g(|y|) y every
/// combination it makes stays on that line. Each of its kernels then moves the density.
///
/// What leaves the line is refused (EngineRefusal): noise inside a kernel (add_noise), a score
/// estimate that is not odd, such as a constant shift, and coordinates that are clamped (clamp).
class RadialWalk final : public KernelWalk<Batch<Mp40>, Mp40> {
 public:
  /// With `exact_score` the estimate of the model is left out.
  RadialWalk(const RadialModel& model, bool exact_score, const RadialPropagator& propagator,
             const DyadicLine& line);

  /// `law` is held by ratios to p_T, or to p_t if the next step is t -> t-1.
  void start(PanelFunction<double> law);
  /// Held by ratios to p_t.
  const PanelFunction<double>& law() const { return laws_.back(); }
  /// The step t -> t-1.
  void step(int t);
  long score_calls() const { return score_calls_; }

  Batch<Mp40> state() override;
  Batch<Mp40> score(int t, const Batch<Mp40>& y) override {
    return score_at(model_.schedule.level(t), y);
  }
  Batch<Mp40> score_at(const Level<Mp40>& level, const Batch<Mp40>& y) override;
  Batch<Mp40> data_mean() override;
  Batch<Mp40> clip(const Batch<Mp40>& u, const Mp40& radius) override;
  Batch<Mp40> clamp(const Batch<Mp40>& u, const Mp40& bound) override;
  using KernelWalk<Batch<Mp40>, Mp40>::move;
  void move(const Batch<Mp40>& mean) override { end_kernel(mean, std::nullopt); }

 private:
  Batch<Mp40> with_noise(const Batch<Mp40>& y, const Mp40& sd) override;
  void move_with_noise(const Batch<Mp40>& mean, const Mp40& sd) override { end_kernel(mean, sd); }
  /// What is known of a level while a step touches it.
  struct KnownLevel {
    std::unique_ptr<RadialMarginal> marginal;
    std::optional<LevelMoments<double>> moments;
    Mp40 unit;  ///< sqrt(d) unit(t)
  };
  void require_known(const RadialMarginal& marginal, const std::vector<double>& v) const;
  KnownLevel& known_level(const Level<Mp40>& level);
  /// m in the units of level t against the state's radii in their own.
  RadialMeans means(const Batch<Mp40>& mean, const KnownLevel& after) const;
  void end_kernel(const Batch<Mp40>& mean, std::optional<Mp40> sd);
  DyadicLine line_after(const RadialMeans& means, std::optional<double> sd) const;

  const RadialModel& model_;
  bool exact_score_;
  const RadialPropagator& propagator_;
  DyadicLine line_;
  Mp40 root_dim_;
  std::map<double, KnownLevel> levels_;      ///< by snr: 1-abar may be 1 in double at many levels
  std::vector<PanelFunction<double>> laws_;  ///< before the step and after each of its kernels
  WorkBudget budget_{"radial"};
  int t_ = 0;  ///< of the step under way
  std::size_t stage_ = 0;
  bool clipped_ = false;  ///< a clip has cut off part of the kernel under way
  bool again_ = false;    ///< panels were halved: the step runs again
  long score_calls_ = 0;
  long calls_of_step_ = 0;
};

}  // namespace lemmabench
