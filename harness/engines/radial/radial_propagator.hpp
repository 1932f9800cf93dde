#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <vector>

#include "harness/engines/line/line_kernel.hpp"
#include "harness/engines/radial/radial_map.hpp"
#include "harness/engines/radial/radial_ratio.hpp"
#include "numerics/panels.hpp"
#include "theory/radial/radial_kernel.hpp"

namespace lemmabench {

/// How finely a radial law is computed. Two runs differ in everything.
struct RadialSettings {
  int order = 16;             ///< Legendre nodes a panel
  double tolerance = 1e-13;   ///< mass that one panel may get wrong in one step
  double negligible = 1e-24;  ///< panels with less mass are left out
  double reach = 8.8;         ///< the kernel ends this many sigma from its middle
  double ratio = 4;           ///< most sigma a panel may span for its own nodes to do
  double step = 0.55;         ///< of the local trapezoid rule, in sigma
  double fineness = 1;        ///< of the grid in the scale W
  /// Steps that the law will go through: what noise does not smooth away adds up as a random walk.
  long steps = 1;
  std::size_t most_panels = 4000;  ///< in one density; EngineRefusal beyond

  PanelRule panel_rule(long dim) const;
  /// Of the densities that laws are held against: far below what is left out.
  double floor() const { return 1e-4 * negligible; }
};

/// Propagates laws of v = log(|y|/sqrt(d)) through kernels y e -> m(y) e + sigma Z (theory.md
/// section 4, radial law): f'(v) = int f(u) K(v | m(u)) du with K of
/// theory/radial/radial_kernel.hpp.
///
/// On the scale R = sqrt(m^2 + (d-1) sigma^2), the middle of the new radius, the kernel is about
/// sigma wide for every d and m. A source panel that spans few sigma there is used through its own
/// Gauss-Legendre nodes, which also takes folds and changes of sign of m. On wider panels, where
/// log(m/r) is a polynomial of u, the integral is local around the u that m sends to v, in the
/// distance s = u - v, so that a kernel 1e-15 of the radius wide loses nothing: the trapezoid rule
/// where the window lies in wide panels only, else Gauss-Legendre on pieces of it. In low
/// dimensions all radii below sigma are one polynomial (radial_bottom.hpp), so that the cost hardly
/// depends on d.
class RadialPropagator {
 public:
  RadialPropagator(long dim, const RadialSettings& settings);

  long dim() const { return kernel_.dim(); }
  const RadialSettings& settings() const { return settings_; }
  const RadialKernel& kernel() const { return kernel_; }
  const std::shared_ptr<const LegendreBasis<double>>& basis() const { return basis_; }
  /// Gauss-Legendre on a cell but for the layers at its ends, and on those.
  const QuadratureRule<double>& whole_rule() const { return whole_rule_; }
  const QuadratureRule<double>& layer_rule() const { return layer_rule_; }

  /// The law that a kernel makes of `source`, both held by ratios (radial_ratio.hpp), the new one
  /// to `reference` and on `line`. No sd for a deterministic kernel; sd counts in the unit of the
  /// new radius. Takes what it costs from the budget. Throws EngineRefusal for a deterministic map
  /// that folds, collapses mass or passes through the origin where there is mass, a map that leaves
  /// the grid, or one that needs more than most_panels.
  KernelOutcome<double> apply(const PanelFunction<double>& source, const RadialMeans& means,
                              std::optional<double> sd, const RadialReference& reference,
                              const DyadicLine& line, WorkBudget& budget) const;

 private:
  RadialSettings settings_;
  RadialKernel kernel_;
  std::shared_ptr<const LegendreBasis<double>> basis_;
  QuadratureRule<double> whole_rule_;
  QuadratureRule<double> layer_rule_;
};

}  // namespace lemmabench
