#pragma once

#include "harness/engines/line/line_kernel.hpp"
#include "harness/engines/scheme/chain_maps.hpp"
#include "numerics/panels.hpp"
#include "theory/mixture/line_mixture.hpp"

namespace lemmabench {

/// The density of the last state that a scheme's output depends on, when its states depend on the
/// one before and one more:
///   Y_{i+1} = f(Y_i) + g(Y_a) + noise xi,
/// with a any earlier state that is not exchanged for an older one (noise with memory; noise inside
/// a step, whose end remembers where the step began). The joint density Q of (Y_i, Y_a) is carried
/// on uniform grids, as a band where the two determine each other up to their noise,
///   Q'(y', y) = int Q(y, x) N(y'; f(y) + g(x), noise^2) dx    if Y_i is remembered next,
///   Q'(y', x) = int Q(y, x) N(y'; f(y) + g(x), noise^2) dy    if Y_a still is,
/// or both integrated where nothing need be remembered, by the trapezoid rule, which misses about
/// 2 exp(-2 pi^2 (s/step)^2) of an integrand that is smooth on the scale s. s^-2 is the sum of the
/// squares of 1/noise, |f'|/noise and |g'|/noise of the kernels that make a state and of those it
/// goes into, where the mass is; `refinement` times the points that this asks for are taken, since
/// the model's answer may bend on a finer scale. All sums are of positive terms. The output's
/// density is summed at the nodes of panels.
///
/// Cost: at each state a Gaussian on some 25 points for each of some 25 points of the other state.
/// Throws EngineRefusal when a noise is too small for a grid.
PanelFunction<double> pair_density(const SchemeChain& chain, const ChainMaps& maps,
                                   const LineMixture<double>& start,
                                   LinePropagator<double>& propagator, double refinement = 1);

}  // namespace lemmabench
