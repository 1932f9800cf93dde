#pragma once

#include <map>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "harness/engines/common/work_budget.hpp"
#include "numerics/batch.hpp"
#include "numerics/hermite.hpp"
#include "numerics/mp.hpp"
#include "numerics/panels.hpp"

namespace lemmabench {

/// How finely a line law is computed. Two runs with different settings differ in everything: nodes,
/// panels, quadrature orders and hence rounding.
struct LineSettings {
  int order = 16;            ///< Legendre nodes a panel
  double tolerance = 1e-13;  ///< mass that one panel may get wrong in one step
  double relative = 1e-14;   ///< rounding: tails below this times a panel's size are noise
  /// Panels with less mass are left out. Not much below the tolerance: where the law has no mass
  /// that `tolerance` sees, noise of that size would grow from step to step.
  double negligible = 1e-16;
  int copies = 6;                  ///< Gauss-Hermite nodes for an intermediate noise
  int extra_hermite = 0;           ///< added to the Gauss-Hermite nodes that the tolerance asks for
  std::size_t most_panels = 4000;  ///< in one density; EngineRefusal beyond
  /// More digits of the same question have panels of more nodes: a way out that a refusal names.
  bool finer_by_digits = false;

  /// The rule by which densities are put on panels.
  PanelRule panel_rule() const;
};

/// One Gaussian kernel of a sampler on the line: x -> N(mean(x), sd^2), or a mixture of such
/// kernels over the copies of an intermediate noise.
template <class Real>
struct LineKernel {
  /// mean at the nodes of the source law, one block a copy.
  const Batch<Real>* mean = nullptr;
  /// Weights of the copies, summing to 1.
  std::span<const Real> copy_weights;
  /// Standard deviation of the noise, above 0; none for a deterministic kernel.
  std::optional<Real> sd;
  /// Where the new law lives; that of the source if none.
  std::optional<DyadicLine> line = std::nullopt;
  /// How many maps, one after the other, the mean is made of: their rounding adds up, and each is
  /// stretched by those behind it.
  long composed = 1;
  /// A clip has cut off part of the mean: it has kinks, and its series falls algebraically.
  bool kinked = false;
  WorkBudget* budget = nullptr;  ///< what it takes is taken from this, if there is one
};

/// What came of applying a kernel: the new law, or, if the source's panels are too wide for the
/// kernel, the panels to halve before trying again (ascending; the kernel's mean must then be
/// evaluated on the new nodes).
template <class Real>
struct KernelOutcome {
  std::optional<PanelFunction<Real>> law;
  std::vector<std::size_t> halve;
};

/// Propagates densities on the line through Gaussian kernels (theory.md section 4, line law):
///   q'(y) = int q(x) N(y; m(x), sd^2) dx.
///
/// The density is a piecewise polynomial (all channels by the same kernel; channels may be signed).
/// Each part of the target is computed in one of two ways, chosen by the sd against the panels:
///  * scatter: the panels' own Gauss-Legendre rule, q'(y) = sum_j w_j q(x_j) N(y; m(x_j), sd^2),
///  where
///    panels are at most a few sd/|m'| wide. No interpolation, no inverse; folds of m are welcome.
///  * push-forward: g(u) = sum over x with m(x) = u of q(x)/|m'(x)|, by Newton's method on the
///    panel polynomial of the displacement m(x) - x, then q'(y) = E g(y + sd Z) by Gauss-Hermite.
///    Right down to sd = 1e-20 and sd = 0; m may rise or fall, but where it turns the density has a
///    pole, so what the noise of a fold reaches is scattered.
/// All sums of a positive channel are of positive terms.
template <class Real>
class LinePropagator {
 public:
  explicit LinePropagator(const LineSettings& settings);

  const LineSettings& settings() const { return settings_; }
  const std::shared_ptr<const LegendreBasis<Real>>& basis() const { return basis_; }
  /// Gauss-Hermite rule with this many nodes, made once.
  const QuadratureRule<Real>& hermite(int order);
  /// The most nodes that push-forward uses: beyond them scattering is cheaper.
  int most_hermite() const { return settings_.order / 2; }
  /// Where the next search for the number of nodes starts.
  int& recent_hermite() { return recent_hermite_; }

  /// Throws EngineRefusal when a deterministic map folds or collapses mass, when mass leaves the
  /// line of the kernel, and beyond most_panels.
  KernelOutcome<Real> apply(const PanelFunction<Real>& source, const LineKernel<Real>& kernel);

 private:
  LineSettings settings_;
  std::shared_ptr<const LegendreBasis<Real>> basis_;
  std::map<int, QuadratureRule<Real>> hermite_;
  int recent_hermite_;
};

#define LEMMABENCH_EXTERN(Real) extern template class LinePropagator<Real>;
LEMMABENCH_FOR_EACH_FLOAT(LEMMABENCH_EXTERN)
#undef LEMMABENCH_EXTERN

}  // namespace lemmabench
