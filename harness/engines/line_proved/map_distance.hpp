#pragma once

#include <vector>

#include "harness/engines/line_proved/chart_map.hpp"
#include "numerics/ball.hpp"
#include "theory/mixture/ball_mixture.hpp"

namespace lemmabench {

/// TV(p, Psi_# q) of a law of the data, the composed map of a sampler and a law of the start.
struct MapDistance {
  Ball total_variation;
  double unknown = 0;  ///< at most this much of int |p - q| lies where the sign is not known
  Ball start_outside;  ///< the mass of q on which Psi was not looked at
  long charts = 0;     ///< looked at
};

/// For each law q of the start TV(p, Psi_# q), enclosed, where p has the density of `end` and Psi
/// is `map` (docs/proved.md, P15 to P17). The start is covered by charts on which Psi' > 0 is
/// proved; the sign of p(Psi) Psi' - q is decided on them or they are halved until what is left
/// undecided is below `tolerance`. Same numbers on any number of threads.
///
/// Throws EngineRefusal where Psi was not shown to increase (a map that folds), and where more than
/// `most_charts` would be needed. Cost: a few hundred charts.
std::vector<MapDistance> map_distances(const ComposedMap& map, const BallMixture<>& end,
                                       const std::vector<BallMixture<>>& starts, double tolerance,
                                       long bits, int threads, long most_charts);

/// The probability below x, enclosed.
Ball mass_below(const BallMixture<>& law, const Ball& x);

}  // namespace lemmabench
