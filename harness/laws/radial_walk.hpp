#pragma once

#include <map>
#include <memory>
#include <optional>
#include <vector>

#include "cases/sampler.hpp"
#include "cases/score_estimate.hpp"
#include "cases/targets/radial.hpp"
#include "cases/walk.hpp"
#include "harness/laws/radial_propagator.hpp"
#include "theory/schedule.hpp"

namespace lemmabench {

/// What a radial law is asked about.
struct RadialModel {
  const RadialTarget& target;
  Schedule<double> schedule;
  const Sampler& sampler;
  const ScoreEstimate& score;

  std::unique_ptr<RadialMarginal> marginal(int t, double fineness) const {
    return target.marginal(schedule.level(t), fineness);
  }
};

/// p_t on panels in v = log(|x|/sqrt(d)), by a caller's function of log densities.
PanelFunction<double> radial_panels(const RadialMarginal& marginal, const DyadicLine& line,
                                    const RadialPropagator& propagator);

/// What a score estimate may know of p_t, by quadrature; `law` is p_t on panels.
LevelMoments<double> radial_moments(const RadialMarginal& marginal,
                                    const PanelFunction<double>& law, long dim);

/// A law of the radius that a sampler carries along. The sampler runs on the ray through x: its
/// state is the coordinate y along x/|x|, positive at first, and because scores are g(|y|) y every
/// combination it makes stays on that line. Each of its kernels then moves the density.
///
/// What leaves the line is refused (EngineRefusal): noise inside a kernel (add_noise), and a score
/// estimate that is not odd, such as a constant shift.
class RadialWalk final : public Walk<Batch<double>, double> {
 public:
  /// With `exact_score` the estimate of the model is left out.
  RadialWalk(const RadialModel& model, bool exact_score, const RadialPropagator& propagator,
             const DyadicLine& line);

  void start(PanelFunction<double> law);
  const PanelFunction<double>& law() const { return laws_.back(); }
  /// The step t -> t-1.
  void step(int t);
  long score_calls() const { return score_calls_; }

  Batch<double> state() override;
  Batch<double> score(int t, const Batch<double>& y) override {
    return score_at(model_.schedule.level(t), y);
  }
  Batch<double> score_at(const Level<double>& level, const Batch<double>& y) override;
  Batch<double> add_noise(const Batch<double>& y, const double& sd) override;
  Batch<double> clip(const Batch<double>& u, const double& radius) override;
  void move(const Batch<double>& mean, const double& sd) override { end_kernel(mean, sd); }
  void move(const Batch<double>& mean) override { end_kernel(mean, std::nullopt); }

 private:
  /// What is known of a level while a step touches it.
  struct KnownLevel {
    std::unique_ptr<RadialMarginal> marginal;
    std::optional<LevelMoments<double>> moments;
  };
  KnownLevel& known_level(const Level<double>& level);
  void end_kernel(const Batch<double>& mean, std::optional<double> sd);

  const RadialModel& model_;
  bool exact_score_;
  const RadialPropagator& propagator_;
  DyadicLine line_;
  double root_dim_;
  std::map<double, KnownLevel> levels_;      ///< by 1-abar
  std::vector<PanelFunction<double>> laws_;  ///< before the step and after each of its kernels
  std::size_t stage_ = 0;
  bool again_ = false;  ///< panels were halved: the step runs again
  long score_calls_ = 0;
  long calls_of_step_ = 0;
};

}  // namespace lemmabench
