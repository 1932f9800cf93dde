#pragma once

#include <vector>

#include "harness/engines/line_proved/chart_map.hpp"
#include "numerics/ball.hpp"
#include "theory/mixture/ball_mixture.hpp"

namespace lemmabench {

/// Distances between a law p of the data and Psi_# q, the image of a law of the start under the
/// composed map of a sampler.
struct MapDistance {
  Ball total_variation;
  Ball hellinger;      ///< H^2 = 1 - int sqrt(p Psi_# q), the integral to some 1e-9
  double unknown = 0;  ///< at most this much of int |p - q| is not known
  Ball start_outside;  ///< the mass of q on which Psi was not looked at
  long charts = 0;     ///< looked at
};

/// For each law q of the start TV and Hellinger distance of p and Psi_# q, enclosed, where p has
/// the density of `end` and Psi is `map` (docs/proved.md, P15 to P17). The start is covered by
/// charts. Those on which Psi' > 0 and the sign of p(Psi) Psi' - q were not shown are halved until
/// what they may hold is below `tolerance` in all. Same numbers on any number of threads.
///
/// Throws EngineRefusal where Psi falls (a map that folds the line), and where more than
/// `most_charts` would be needed. Cost: a few hundred charts.
std::vector<MapDistance> map_distances(const ComposedMap& map, const BallMixture<>& end,
                                       const std::vector<BallMixture<>>& starts, double tolerance,
                                       long bits, int threads, long most_charts);

}  // namespace lemmabench
