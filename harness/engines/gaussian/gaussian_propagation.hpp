#pragma once

#include <vector>

#include "cases/sampler.hpp"
#include "cases/score_estimate.hpp"
#include "numerics/mp.hpp"
#include "theory/process/schedule.hpp"
#include "theory/targets/product_law.hpp"

namespace lemmabench {

/// The law of Y_1 in one block of a Gaussian target, against w = Var X_1 and the mean of X_1.
template <class Real>
struct BlockLaw {
  Real e;           ///< relative variance error v/w - 1
  Real mean_error;  ///< E Y_1 - sqrt(abar_1) mu, per coordinate
};

/// What one pass over the schedule gives, per block of the target.
template <class Real>
struct GaussianPropagation {
  std::vector<BlockLaw<Real>> from_gaussian;  ///< started from N(0, I)
  std::vector<BlockLaw<Real>> from_exact;     ///< started from the law of X_T, if asked for
  std::vector<Real> variance;                 ///< w = abar_1 lambda + 1-abar_1, per block
  /// sum_t E||Phi_t - Psi_t||^2/(2 b_t) (theory.md section 4, path certificate); meaningful when
  /// has_path.
  Real path_kl{};
  bool has_path = false;
  /// local[k][i]: e and mean error in block i after the step T-k -> T-k-1 from exact p_{T-k}.
  std::vector<std::vector<BlockLaw<Real>>> local;
  long score_calls = 0;
};

struct PropagationOptions {
  bool exact_start = true;  ///< also from_exact
  bool path = false;
  bool local = false;
  int threads = 1;
  long dim = 0;  ///< of the whole space, if the target is a part of it; 0: that of the target
};

/// Propagates the Gaussian law of a sampler (theory.md section 4): per block an affine recursion
///   v' = A^2 v + n^2,  m' = A m + o
/// with A, o, n read off the sampler's own step, run on affine forms. Floats carry the excess over
/// the truth, u = v - w = w e, itself,
///   u <- A^2 u + (A-1)(A+1) w_t + n^2,   then  u <- u + b_t (1 - w_{t-1}),
/// instead of subtracting two nearly equal variances at the end; balls carry v, whose enclosure is
/// as good at the same precision. e = u/w.
///
/// O(T) per block and independent of multiplicities; blocks are shared among threads and every
/// block is computed alone, so the bytes do not depend on the number of threads. Throws
/// EngineRefusal when the sampler clips, the score estimate is not affine, or local errors are
/// asked of a sampler that has none (SamplerInfo::single_steps).
///
/// A sampler with memory M makes (Y, M) jointly Gaussian; their covariance is carried along
/// (harness/engines/gaussian/gaussian_memory.hpp).
template <class Real>
GaussianPropagation<Real> propagate_gaussian(const GaussianLaw& target, const Sampler& sampler,
                                             const ScoreEstimate& score,
                                             const Schedule<Real>& schedule,
                                             const PropagationOptions& options);

#define LEMMABENCH_EXTERN(Real)                                                        \
  extern template GaussianPropagation<Real> propagate_gaussian<Real>(                  \
      const GaussianLaw&, const Sampler&, const ScoreEstimate&, const Schedule<Real>&, \
      const PropagationOptions&);
LEMMABENCH_FOR_EACH_SCALAR(LEMMABENCH_EXTERN)
#undef LEMMABENCH_EXTERN

}  // namespace lemmabench
