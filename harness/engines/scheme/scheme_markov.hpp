#pragma once

#include "harness/engines/line/line_kernel.hpp"
#include "harness/engines/scheme/chain_maps.hpp"
#include "numerics/panels.hpp"
#include "theory/mixture/line_mixture.hpp"

namespace lemmabench {

/// Where mass of a law goes under a map, with its noise: `line` or a longer one if that is left.
/// Panels with less mass than a tenth of the tolerance do not count. Throws EngineRefusal when a
/// point with mass goes to no finite number.
DyadicLine line_after(const PanelFunction<double>& law, const std::vector<double>& mean, double sd,
                      const DyadicLine& line, double tolerance);

/// Carries a law through y -> map(y) + sd xi (sd = 0: without noise) by `propagator`, halving the
/// law's panels until they suffice. `map(points)` gives the values at the points; it is made of
/// `composed` model calls.
PanelFunction<double> carried(
    PanelFunction<double> law,
    const std::function<std::vector<double>(const std::vector<double>&)>& map, double sd,
    long composed, const DyadicLine& line, LinePropagator<double>& propagator, WorkBudget& budget);

/// The density of the last state that a scheme's output depends on, when every state depends on the
/// one before it alone: one noise a step, after one or more model calls. `start` is the law of x_T.
PanelFunction<double> markov_density(const SchemeChain& chain, const ChainMaps& maps,
                                     const LineMixture<double>& start,
                                     LinePropagator<double>& propagator);

/// The line on which a law with this start lives, with room to spare.
DyadicLine line_of_start(const LineMixture<double>& start);

}  // namespace lemmabench
