#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <vector>

#include "cases/kernel_walk.hpp"
#include "cases/memory_slots.hpp"
#include "harness/monte_carlo/certificate/path_step.hpp"
#include "numerics/displacement.hpp"
#include "theory/process/schedule.hpp"
#include "theory/process/vector_law.hpp"

namespace lemmabench {

/// The marginals of a law at the levels that a walk has asked for. Not for use by two threads at
/// once.
class MarginalCache {
 public:
  explicit MarginalCache(const VectorLaw& clean) : clean_(clean) {}

  /// The law of X_0 + sqrt(tau) Z, made when first asked for.
  const VectorMarginal& at(double tau);
  /// Drops those with more noise than this: a walk comes down.
  void forget_above(double tau);

 private:
  const VectorLaw& clean_;
  std::map<double, std::unique_ptr<VectorMarginal>> made_;
};

/// A block of particles on its way down the levels, eight a group: the walk that a sampler's steps
/// run on. The state is a Displacement with respect to where the particles are.
///
/// The n-th random vector that the step t asks for is random_normals with step t, stream kStream +
/// n and the particles' own numbers, so that it depends on nothing else. The start has step T+1.
class ParticleWalk final : public KernelWalk<Displacement, double> {
 public:
  struct Setting {
    const Schedule<double>& schedule;
    std::uint64_t seed;
    const PathScore* score;  ///< in place of the exact score, if not none
  };
  /// The particles first..first+8 groups-1, `points` of them at level T, coordinate i of group g at
  /// [g dim + i].
  ParticleWalk(const Setting& setting, MarginalCache& marginals, std::size_t dim,
               std::uint64_t first, std::vector<Lanes> points);

  static constexpr std::uint64_t kStream = std::uint64_t{1} << 61U;

  /// The next sampler step is `c`. With `keep` the mean of its last kernel is kept if that has
  /// noise.
  void begin(const Step<double>& c, bool keep);

  Displacement state() override { return {.scale = 1, .offset = {}}; }
  Displacement score(int t, const Displacement& y) override;
  /// With an estimate, what its size is relative to is interpolated between the schedule's levels.
  Displacement score_at(const Level<double>& level, const Displacement& y) override;
  void remember(int slot, const Displacement& y) override { memory_.remember(slot, settled(y)); }
  Displacement recall(int slot) override { return {.scale = 0, .offset = memory_.recall(slot)}; }
  Displacement clip(const Displacement& u, const double& radius) override;
  Displacement clamp(const Displacement& u, const double& bound) override;
  using KernelWalk<Displacement, double>::move;
  void move(const Displacement& mean) override;

  const std::vector<Lanes>& points() const { return points_; }
  /// The mean of the last kernel of a step begun with `keep`, and its standard deviation: 0 where
  /// that kernel has no noise, and then there is no mean.
  const std::vector<Lanes>& last_mean() const { return last_mean_; }
  double last_sd() const { return last_sd_; }

 private:
  Displacement with_noise(const Displacement& y, const double& sd) override;
  void move_with_noise(const Displacement& mean, const double& sd) override;
  std::size_t groups() const { return points_.size() / dim_; }
  /// factor times what a displacement stands for; out may be the points.
  void settle(const Displacement& y, double factor, Lanes* out) const;
  std::vector<Lanes> settled(const Displacement& y) const;
  void draw_normals(Lanes* out);
  Displacement estimated(const Level<double>& level, const Displacement& y, Displacement exact);

  Setting setting_;
  MarginalCache& marginals_;
  std::size_t dim_;
  std::uint64_t first_;
  std::vector<Lanes> points_;
  std::vector<Lanes> scratch_;
  MemorySlots<std::vector<Lanes>> memory_;
  int t_ = 0;
  std::uint64_t drawn_ = 0;  // random vectors of this step
  bool keep_ = false;
  std::vector<Lanes> last_mean_;
  double last_sd_ = 0;
};

}  // namespace lemmabench
