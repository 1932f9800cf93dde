#pragma once

#include <optional>
#include <vector>

#include "cases/kernel_walk.hpp"
#include "cases/sampler.hpp"
#include "harness/engines/common/work_budget.hpp"
#include "harness/engines/plane/plane_grid.hpp"
#include "theory/mixture/plane_mixture.hpp"
#include "theory/process/schedule.hpp"

namespace lemmabench {

/// What a plane law is asked about.
struct PlaneModel {
  PlaneMixture clean;  ///< the law of X_0 in the plane
  Schedule<double> schedule;
  const Sampler& sampler;
  long dim;  ///< of the whole space

  PlaneMixture marginal(int t) const { return clean.at_level(schedule.level(t)); }
};

/// Densities on a grid, as multiples of a mixture: q = ratio * reference.
struct PlaneLaw {
  PlaneGrid grid;
  PlaneMixture reference;
  std::vector<std::vector<double>> ratios;
};

/// One kernel of a sampler, evaluated: x -> N(mean(x), sd^2 I), or no noise.
struct PlaneKernel {
  std::vector<double> mean;  ///< kPlaneWidth numbers a point: the mean and its Jacobian's columns
  std::optional<double> sd;
};

/// The sampler's own step, run on points with two tangents each: a walk that looks at one kernel.
/// Throws EngineRefusal on clip, clamp and noise inside a kernel.
class PlaneProbe final : public KernelWalk<Batch<double>, double> {
 public:
  using State = Batch<double>;

  explicit PlaneProbe(const PlaneModel& model) : model_(model) {}

  /// A step more may cost.
  void begin_step() { budget_.begin_step(); }
  /// Kernel number `stage` of a step at `points` (kPlaneWidth numbers each).
  PlaneKernel kernel(const Step<double>& c, int stage, std::vector<double> points);
  /// How many kernels the step just taken has, and how many scores it asked for.
  int kernels() const { return current_; }
  long score_calls() const { return score_calls_; }

  State state() override;
  State score(int t, const State& y) override { return score_at(model_.schedule.level(t), y); }
  State score_at(const Level<double>& level, const State& y) override;
  State clip(const State& u, const double& radius) override;
  State clamp(const State& u, const double& bound) override;
  using KernelWalk<Batch<double>, double>::move;
  void move(const State& mean) override { end_kernel(mean, std::nullopt); }

 private:
  State with_noise(const State& y, const double& sd) override;
  void move_with_noise(const State& mean, const double& sd) override { end_kernel(mean, sd); }
  void end_kernel(const State& mean, const std::optional<double>& sd);

  const PlaneModel& model_;
  WorkBudget budget_{"plane"};
  std::vector<double> points_;
  PlaneKernel found_;
  int stage_ = 0;
  int current_ = 0;
  long score_calls_ = 0;
};

/// Carries laws through the steps of a sampler,
///   q_{t-1}(y) = E g(y + sd Z),  g(u) = q_t(x)/|det m'(x)| at m(x) = u
/// (plane_law.hpp). Cost a step and grid point: three evaluations of the sampler's map, order^2
/// for each ratio.
class PlaneWalk {
 public:
  PlaneWalk(const PlaneModel& model, PlaneLaw start, const PlaneSettings& settings)
      : model_(model), settings_(settings), probe_(model), law_(std::move(start)) {}

  const PlaneLaw& law() const { return law_; }
  long score_calls() const { return score_calls_; }
  /// The step t -> t-1. Throws EngineRefusal where the map folds or does not arrive on mass above
  /// 1e-9.
  void step(int t);

 private:
  struct Row;

  void apply(const Step<double>& c, int stage, const std::optional<double>& sd, PlaneMixture to);
  std::vector<std::vector<double>> push(const Step<double>& c, int stage, const PlaneGrid& grid,
                                        const std::vector<double>& density, double least);
  void invert(const Step<double>& c, int stage, Row& row);

  const PlaneModel& model_;
  PlaneSettings settings_;
  PlaneProbe probe_;
  PlaneLaw law_;
  long score_calls_ = 0;
};

}  // namespace lemmabench
