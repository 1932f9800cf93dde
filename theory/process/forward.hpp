#pragma once

#include "theory/process/schedule.hpp"

/// The forward process on Gaussian data, one eigenvalue at a time (theory.md sections 1, 4 and 5).
///
/// X_0 has mean mu and variance lambda >= 0 in this coordinate; at a level (abar, 1-abar),
/// X_t = sqrt(abar) X_0 + sqrt(1-abar) Z is N(sqrt(abar) mu, w), w = abar lambda + 1-abar.
/// No function subtracts what it need not: 1-abar comes from the level, never from abar.
/// Everything is header-only, for double, Mp and Ball; nothing throws.
namespace lemmabench {

/// w = abar lambda + (1-abar), the variance of X_t.
template <class Real>
Real marginal_variance(const Level<Real>& level, const Real& lambda) {
  return level.abar * lambda + level.noise;
}

/// sqrt(abar) mu, the mean of X_t.
template <class Real>
Real marginal_mean(const Level<Real>& level, const Real& mu) {
  using std::sqrt;
  return sqrt(level.abar) * mu;
}

/// The score s*(x) = slope x + offset is affine: slope = -1/w, offset = sqrt(abar) mu/w.
template <class Real>
struct AffineScore {
  Real slope{};
  Real offset{};

  Real operator()(const Real& x) const { return slope * x + offset; }
};

template <class Real>
AffineScore<Real> gaussian_score(const Level<Real>& level, const Real& lambda, const Real& mu) {
  const Real w = marginal_variance(level, lambda);
  return {-1 / w, marginal_mean(level, mu) / w};
}

/// The score in the unnormalised coordinate: at signal sqrt(abar) and noise variance v,
/// S_v(x) = -(x - sqrt(abar) mu)/(abar lambda + v).
template <class Real>
AffineScore<Real> unnormalised_score(const Real& abar, const Real& v, const Real& lambda,
                                     const Real& mu) {
  using std::sqrt;
  const Real w = abar * lambda + v;
  return {-1 / w, sqrt(abar) * mu / w};
}

/// E s*(X_t)^2 = 1/w in this coordinate (claim F3: at most 1/(1-abar)).
template <class Real>
Real expected_squared_score(const Level<Real>& level, const Real& lambda) {
  return 1 / marginal_variance(level, lambda);
}

/// E[X_0 | X_t = x] = mu + (sqrt(abar) lambda/w)(x - sqrt(abar) mu). Equal to Tweedie's
/// (x + (1-abar) s*(x))/sqrt(abar) (claim F1), which cancels for small abar.
template <class Real>
Real posterior_mean(const Level<Real>& level, const Real& lambda, const Real& mu, const Real& x) {
  using std::sqrt;
  const Real root = sqrt(level.abar);
  return mu + root * lambda / marginal_variance(level, lambda) * (x - root * mu);
}

/// Var(X_0 | X_t) = lambda (1-abar)/w.
template <class Real>
Real posterior_variance(const Level<Real>& level, const Real& lambda) {
  return lambda * level.noise / marginal_variance(level, lambda);
}

/// Sigma = Var(Z | X_t) = abar lambda/w and J = 1 - Sigma = (1-abar)/w, with grad s* = -J/(1-abar)
/// (claim F2).
template <class Real>
Real noise_posterior_variance(const Level<Real>& level, const Real& lambda) {
  return level.abar * lambda / marginal_variance(level, lambda);
}

/// The exact probability flow from level a to level b is x -> sqrt(abar_b) mu +
/// c (x - sqrt(abar_a) mu), c = sqrt(w_b/w_a). Returns c.
template <class Real>
Real flow_coefficient(const Level<Real>& from, const Level<Real>& to, const Real& lambda) {
  using std::sqrt;
  return sqrt(marginal_variance(to, lambda) / marginal_variance(from, lambda));
}

/// The flow at fixed signal from noise variance v_a to v_b = v_a + change (theory.md section 1,
/// dx/dv = -S_v(x)/2): c = sqrt((abar lambda + v_b)/(abar lambda + v_a)). Returns c - 1 without
/// cancellation, x/(1 + sqrt(1+x)) with x = change/(abar lambda + v_a) > -1.
template <class Real>
Real unnormalised_flow_increment(const Real& abar, const Real& v, const Real& change,
                                 const Real& lambda) {
  using std::sqrt;
  const Real x = change / (abar * lambda + v);
  return x / (1 + sqrt(Real(x + 1)));
}

/// The early-stopping part W2(X_1, X_0)^2 of one coordinate, exactly:
/// (sqrt(w) - sqrt(lambda))^2 + (1 - sqrt(abar))^2 mu^2, where w - lambda = (1-abar)(1-lambda).
/// Sum over coordinates (times multiplicities) for the whole Gaussian.
template <class Real>
Real early_stopping_w2_squared(const Level<Real>& level, const Real& lambda, const Real& mu) {
  using std::sqrt;
  const Real spread = sqrt(marginal_variance(level, lambda)) + sqrt(lambda);
  const Real spread_change = level.noise * (1 - lambda) / spread;
  const Real mean_change = level.noise / (1 + sqrt(level.abar)) * mu;
  return spread_change * spread_change + mean_change * mean_change;
}

/// The bound for any data: W2^2 <= (1-sqrt(abar))^2 E||X_0||^2 + (1-abar) d (theory.md section 5;
/// the synchronous coupling).
template <class Real>
Real early_stopping_w2_squared_bound(const Level<Real>& level, const Real& second_moment, long d) {
  using std::sqrt;
  const Real lost = level.noise / (1 + sqrt(level.abar));
  return lost * lost * second_moment + level.noise * Real(d);
}

}  // namespace lemmabench
