#pragma once

#include "cases/schemes/scheme.hpp"
#include "harness/engines/line/line_kernel.hpp"
#include "numerics/panels.hpp"
#include "theory/process/output_law.hpp"
#include "theory/targets/product_law.hpp"

namespace lemmabench {

/// The density of a scheme's output on a mixture on the line, on panels, by one computation with
/// these settings; with `anew` every coefficient is rounded anew (scheme_rounding.hpp) and grids
/// are coarser, for the other of two runs. `error` is what the coefficients that were taken for
/// rounding may change of any probability.
///
/// Deterministic schemes (the start's density is pushed forward by the composed map) and those
/// whose states depend on the one before (scheme_markov.hpp) or on one more (scheme_pairs.hpp).
/// Throws EngineRefusal for deeper memory, for an output that is no function of one state or has a
/// density without bound (a map that folds), and as these engines do.
struct SchemeDensity {
  PanelFunction<double> law;
  double error = 0;
};
SchemeDensity scheme_line_density(const Scheme& scheme, const CoordinateLaw& target, Start start,
                                  const LineSettings& settings, bool anew);

}  // namespace lemmabench
