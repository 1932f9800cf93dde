#pragma once

#include <memory>

#include "theory/process/schedule.hpp"
#include "theory/radial/radial_marginal.hpp"
#include "theory/targets/radial_law.hpp"

namespace lemmabench {

/// p_t of a rotation-invariant law, in double. `fineness` multiplies the nodes of the grid in the
/// scale; at 1 the error is below 1e-14, below 1 its power.
/// With `centred` a sphere counts v from itself, log(|x|/(sqrt(abar) radius)).
/// At abar = 0 it is N(0, I), of any law; at noise 0 the law of X_0, of all but the sphere, which
/// has no density there.
std::unique_ptr<RadialMarginal> radial_marginal(const RadialLaw& law, const Level<double>& level,
                                                double fineness, bool centred = false);

}  // namespace lemmabench
