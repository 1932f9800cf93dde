#pragma once

#include <cstdint>
#include <map>
#include <vector>

#include "cases/sampler.hpp"
#include "numerics/random_normals.hpp"
#include "numerics/running_moments.hpp"
#include "theory/schedule.hpp"
#include "theory/vector_flow.hpp"
#include "theory/vector_mixture.hpp"

namespace lemmabench {

/// What the random numbers of a certificate are for.
enum class PathStream : std::uint64_t { component = 0, point = 1, intermediate = 2 };

/// Exact samples of X_t in the coordinate y = x/sqrt(abar_t), [group][dim]: a component by its
/// weight, then its Gaussian. Sample number s of step t is always the same. tau = (1-abar)/abar.
std::vector<Lanes> sample_path(const VectorMixture& clean, double tau, std::uint64_t seed, int t,
                               std::uint64_t first, std::size_t groups);

/// The summand E||Phi_t(X_t) - Psi_t(X_t)||^2/(2 b_t) of the path certificate (theory.md section 4)
/// at samples of X_t, both maps as displacements from X_t, so that their small difference is
/// accurate relative to the scores: rounding adds about b (eps |x|/w)^2 d/2, w the least variance.
///
/// The sampler's own step code runs on the samples. With an intermediate noise Psi_t is random;
/// then the mean over it is an upper bound of the same KL, by convexity.
class PathStep {
 public:
  struct Setting {
    const VectorMixture& clean;
    const Sampler& sampler;
    const Schedule<double>& schedule;
    std::uint64_t seed;
  };
  /// Prepares the marginals of the step and of the flow in `substeps` substeps; with `check`, of a
  /// flow in twice as many. Throws EngineRefusal when h_t >= 1/2: the flow would pass noise 0.
  PathStep(const Setting& setting, int t, int substeps, bool check);

  struct Block {
    RunningMoments summand;
    /// ||Phi - Phi'||^2/(2 b), Phi' the flow as computed: by the finer flow, if it was asked for.
    RunningMoments flow_error;
  };
  /// Samples first..first+8 groups-1. Throws EngineRefusal when the step is not one kernel of noise
  /// variance b/alpha.
  Block run(std::uint64_t first, std::size_t groups) const;
  /// Scores a sample costs.
  long score_calls() const { return score_calls_; }

 private:
  friend class PathWalk;
  const SmoothedMixture& marginal(int t) const { return marginals_.at(t); }
  double signal(int t) const;
  std::vector<Lanes> step_displacement(const std::vector<Lanes>& y,
                                       const std::vector<Lanes>& start_score,
                                       std::uint64_t first) const;

  struct Scaled {
    const std::vector<Lanes>& vectors;
    double scale;
  };
  /// |a - b|^2/(2 b_t) of every sample.
  RunningMoments energies(const Scaled& a, const Scaled& b, std::size_t groups) const;

  Setting setting_;
  Step<double> coefficients_;
  VectorFlow flow_;
  std::vector<VectorFlow> finer_;             // one, or none
  std::map<int, SmoothedMixture> marginals_;  // of levels t-1, t, t+1
  long score_calls_;
};

}  // namespace lemmabench
