#pragma once

#include <cmath>

#include "cases/walk.hpp"

/// The coordinates of Karras et al. (2022) and of k-diffusion, in ours. They scale a state to
/// signal 1, x = y/sqrt(abar), with noise sd sigma = sqrt((1-abar)/abar), and integrate
///   dx/dsigma = (x - D)/sigma = eps,   eps = -sqrt(1-abar) s(y)   (the noise prediction),
/// with D = (y + (1-abar) s(y))/sqrt(abar) the data prediction. We keep the signal sqrt(abar_t) of
/// the step's start instead, X = sqrt(alpha_t) y_{t-1}, where the noise sd falls from sqrt(v) to
/// r sqrt(v), v = 1-abar_t and r = sigma_{t-1}/sigma_t = sqrt(1-h_t). Nothing then cancels or
/// overflows as sigma leaves the range of doubles.
namespace lemmabench {

/// r = sigma_{t-1}/sigma_t = sqrt(1-h).
template <class Real>
Real sigma_ratio(const Step<Real>& c) {
  using std::sqrt;
  return sqrt(1 - c.h);
}

/// b/(1+r): the coefficient of the score in an Euler step in sigma, v (1-r) without cancellation.
template <class Real>
Real sigma_step(const Step<Real>& c) {
  return c.b / (1 + sigma_ratio(c));
}

/// A level between those of the schedule, as seen from fixed signal: noise variance v beside the
/// signal variance abar_t.
template <class Real>
struct SeenLevel {
  Level<Real> level;  ///< abar_t/(abar_t + v) and v/(abar_t + v)
  Real scale;  ///< g = 1/sqrt(abar_t + v): y = g X, and the score at fixed signal is g s(g X)
};

template <class Real>
SeenLevel<Real> seen_level(const Step<Real>& c, const Real& v) {
  using std::sqrt;
  const Real total = c.abar + v;
  return {{c.abar / total, v / total}, 1 / sqrt(total)};
}

/// The score at fixed signal, g s(g X).
template <class State, class Real>
State seen_score(Walk<State, Real>& walk, const SeenLevel<Real>& seen, const State& x) {
  return seen.scale * walk.score_at(seen.level, seen.scale * x);
}

}  // namespace lemmabench
