#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <vector>

#include "cases/sampler.hpp"
#include "cases/score_estimate.hpp"
#include "numerics/running_moments.hpp"
#include "theory/mixture/vector_flow.hpp"
#include "theory/process/schedule.hpp"
#include "theory/process/vector_law.hpp"

namespace lemmabench {

/// What a sampler is given in place of the exact score.
struct PathScore {
  const ScoreEstimate& estimate;
  std::vector<double> rms;  ///< sqrt(E||s*_t(X_t)||^2) at [t-1], t = 1..T; what it is relative to
};

/// By which flows Phi_t is computed.
struct PathFlows {
  /// Substeps of FlowMethod::kutta, the coarse flow, cheap and so close to the fine one that their
  /// difference has a small variance (multilevel Monte Carlo, Giles 2008); 0: none.
  int coarse = 0;
  int fine = 1;        ///< substeps of FlowMethod::butcher, the fine flow; 0: none
  bool check = false;  ///< also by the fine flow in twice as many substeps
};

/// |Phi - Psi|^2/(2 alpha s^2) by two flows.
struct FlowMoments {
  RunningMoments coarse;      ///< of samples that had the coarse flow alone
  RunningMoments fine;        ///< of samples that had the fine flow
  RunningMoments correction;  ///< fine less coarse, of samples that had both

  void add(const FlowMoments& other) {
    coarse.add(other.coarse);
    fine.add(other.fine);
    correction.add(other.correction);
  }
};

/// One summand of the path certificate (theory.md section 4) at samples of X_t. The X-path has the
/// kernel N(Phi_t/sqrt(alpha), w/alpha), the sampler's step N(Psi_t/sqrt(alpha), s^2), so with
/// rho = w/(alpha s^2) their divergence is
///   KL = (d/2) (rho - 1 - log rho) + ||Phi_t(x) - Psi_t(x)||^2 / (2 alpha s^2):
/// for the noise s^2 = b/alpha of ddpm and li-cai rho is 1 and the divisor 2 b.
///
/// Phi_t is the flow from v = 1-abar_t to v - b - w, after which noise w arrives at level t-1, for
/// any 0 < w < v - b = alpha (1-abar_{t-1}) [D]. It is w = b for h_t < 1/2, where 2 b < v, and
/// above that the sampler's own alpha s^2, or 0.99 (v - b) if that is less.
///
/// Both maps are displacements from X_t, so that their small difference is accurate relative to
/// the scores: rounding adds about b (eps |x|/w)^2 d/2, w the least variance.
///
/// Not for use by two threads at once. The sampler's own step code runs on the samples. With an
/// intermediate noise Psi_t is random; then the mean over it is an upper bound of the same KL, by
/// convexity. With a score estimate the step runs twice, with the same noise: Psi_t on exact
/// scores, Psi^_t on the estimate.
class PathStep {
 public:
  struct Setting {
    const VectorLaw& clean;
    const Sampler& sampler;
    const Schedule<double>& schedule;
    std::uint64_t seed;
    const PathScore* score = nullptr;  ///< in place of the exact score, if not none
  };
  /// Prepares the marginals of the step and of the flows; 0 < h_t < 1. Throws EngineRefusal when
  /// the step leaves less than 1e-10 of the noise, and what the sampler's step throws.
  PathStep(const Setting& setting, int t, const PathFlows& flows);

  struct Block {
    FlowMoments summand;         ///< ||Phi - Psi^||^2/(2 alpha s^2); Psi^ is Psi if exact
    FlowMoments discretisation;  ///< the same of Phi - Psi; none if exact
    RunningMoments score;        ///< the same of Psi - Psi^; none if exact
    /// The same of Phi - Phi', Phi' the fine flow as computed: if it was to be checked, of 32
    /// samples at most.
    RunningMoments flow_error;
    double variance_term = 0;  ///< (d/2) (rho - 1 - log rho)
  };
  /// Samples first..first+8 groups-1. Throws EngineRefusal when the step is not one kernel with
  /// noise.
  Block run(std::uint64_t first, std::size_t groups) const;
  /// Scores that 8 groups samples cost.
  double score_calls(std::size_t groups) const;

 private:
  friend class PathWalk;
  const VectorMarginal& marginal(int t) const;
  double signal(int t) const;
  SampleKeys keys() const;

  struct Kernel {
    std::vector<Lanes> displacement;  ///< Psi(x) - x
    double variance;                  ///< alpha s^2
  };
  Kernel step_kernel(const std::vector<Lanes>& y, const std::vector<Lanes>& start_score,
                     std::uint64_t first, const PathScore* estimate) const;

  struct Scaled {
    const std::vector<Lanes>& vectors;
    double scale;
  };
  /// |a - b|^2/(2 variance) of every sample.
  std::vector<double> energies(const Scaled& a, const Scaled& b, double variance) const;

  /// A batch of samples on its way through the step.
  struct Batch {
    std::vector<Lanes> points;
    std::vector<Lanes> score;
    double variance = 0;                       ///< alpha s^2
    std::optional<std::vector<Lanes>> coarse;  ///< Phi - id by the coarse flow, in y
    std::optional<std::vector<Lanes>> fine;
  };
  std::vector<Lanes> displacement(const VectorFlow& flow, const Batch& batch) const;
  RunningMoments flow_error(Batch batch) const;
  FlowMoments summands(const Batch& batch, const std::vector<Lanes>& psi) const;

  Setting setting_;
  Step<double> coefficients_;
  double noise_;  ///< w
  std::optional<VectorFlow> coarse_;
  std::optional<VectorFlow> fine_;
  std::optional<VectorFlow> finer_;
  mutable std::map<int, std::unique_ptr<VectorMarginal>> marginals_;  // of levels, when asked for
  long score_calls_;                                                  // a sample, without the check
  long check_calls_ = 0;                                              // a checked sample
};

}  // namespace lemmabench
