#pragma once

#include <span>

#include "harness/engines/common/two_runs.hpp"
#include "harness/engines/radial/radial_walk.hpp"

namespace lemmabench {

/// TV, both KL and Hellinger between the marginal p and the combination of the densities of `law`
/// (held by ratios to p) with these factors, as densities of the log-radius: equal to those in R^d,
/// because both laws are rotation invariant. One adaptive quadrature, as line_distances().
LawDistances<double> radial_distances(const RadialMarginal& p, const PanelFunction<double>& law,
                                      std::span<const double> factors,
                                      const RadialPropagator& propagator);

/// One propagation from level T to level 1 with these settings, and the terms asked for.
LawNumbers<double> compute_radial_numbers(const RadialModel& model, Start start,
                                          const LawOptions& options,
                                          const RadialSettings& settings);

}  // namespace lemmabench
