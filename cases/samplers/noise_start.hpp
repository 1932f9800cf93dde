#pragma once

#include <cmath>

#include "cases/walk.hpp"

namespace lemmabench {

/// sqrt(abar_{T-1}) E[X_0] + kept Y_T: the mean of a first step from a level without signal, which
/// is the limit of the sampler's step as abar_T -> 0. With D the data prediction any step is
/// (1-abar_t - c)/((1-abar_t) sqrt(alpha)) y + c sqrt(abar_{t-1})/(1-abar_t) D, c the coefficient
/// of its score; a sampler has such a start if both coefficients, and its noise, have a limit.
template <class State, class Real>
State from_noise(const Step<Real>& c, Walk<State, Real>& walk, const Real& kept) {
  using std::sqrt;
  const Real signal = sqrt(c.schedule->level(c.t - 1).abar);
  return signal * walk.data_mean() + kept * walk.state();
}

}  // namespace lemmabench
