#pragma once

#include <cmath>

#include "cases/sampler.hpp"
#include "cases/samplers/noise_start.hpp"
#include "cases/samplers/sigma_scale.hpp"

namespace lemmabench {

/// The extrapolated data prediction of the two-step solvers 2M. With D = (y + (1-abar) s(y))/
/// sqrt(abar) the data prediction, D_old that of the step before, and h_lambda =
/// log(sigma_t/sigma_{t-1}) the steps in lambda = log(1/sigma),
///   D~ - D = (D - D_old) h_lambda/(2 h_lambda,old),   h_lambda = -log(1-h)/2.
/// Returns sqrt(abar_t) (D~ - D), the form at fixed signal, or 0 times it at the first step, which
/// has no D_old, and where one of the two steps is infinite in lambda: after a level without signal
/// (the limit), and down to one without noise (where the formula has none, and public code takes
/// the first-order step). Remembers D.
template <class State, class Real>
State data_extrapolation(const Step<Real>& c, Walk<State, Real>& walk, const State& y,
                         const State& s) {
  using std::log1p;
  using std::sqrt;
  const Real signal = sqrt(c.abar);
  const State scaled = y + c.noise * s;  // sqrt(abar_t) D
  walk.remember(scaled / signal);
  const bool after_noise = c.schedule != nullptr && c.t + 1 == c.steps &&
                           is_exactly_zero(c.schedule->level(c.steps).abar);
  if (c.first() || after_noise || c.to_data()) {
    return Real(0) * s;
  }
  // 1-abar_{t+1} = 1-abar_t + b_{t+1} abar_t, so that h_{t+1} = b_{t+1}/(1-abar_{t+1}).
  const Real before = c.b1 / (c.noise + c.b1 * c.abar);
  const Real ratio = log1p(Real(-c.h)) / log1p(Real(-before));
  return (ratio / 2) * (scaled - signal * walk.recall());
}

}  // namespace lemmabench
