#pragma once

#include "numerics/ball.hpp"
#include "theory/mixture/ball_mixture.hpp"

/// Proved facts about a noised Gaussian mixture on the line that hold on the whole line at once:
/// masses of intervals, the variation of the density, the steepness of the score. Closed forms in
/// the components; nothing is integrated or searched. Cost: a few us a component.
namespace lemmabench {

/// E X and E X^2.
Ball mixture_mean(const BallMixture<>& mixture);
Ball mixture_second_moment(const BallMixture<>& mixture);

/// P(low <= X <= high) for low <= high, to full relative accuracy in either tail.
Ball interval_probability(const BallMixture<>& mixture, const Ball& low, const Ball& high);
/// The same for N(0, sd^2).
Ball normal_interval_probability(const Ball& sd, const Ball& low, const Ball& high);

/// An upper bound of the total variation int |p'| of the density: sum_k w_k 2/sqrt(2 pi v_k), with
/// equality for one component.
Ball density_variation(const BallMixture<>& mixture);

/// Upper bounds of |s(x)| are (|x| + farthest_mean) / least_variance.
Ball least_variance(const BallMixture<>& mixture);
Ball farthest_mean(const BallMixture<>& mixture);

/// Bounds of the slope of the score, s' = Var_r(u) - sum_k r_k/v_k, over the whole line (r_k the
/// posterior weights, u_k = (m_k - x)/v_k).
struct SlopeBounds {
  Ball fall;  ///< s' >= -fall: 1/min_k v_k, because a variance is not negative
  Ball rise;  ///< s' <= rise, and rise >= 0

  /// |s'| <= lipschitz().
  Ball lipschitz() const;
};

/// The rise [D]. Equal variances: Var_r(u) <= (max u - min u)^2/4 (Popoviciu), and u_j - u_k does
/// not depend on x. Otherwise Var_r(u) <= E_r (u - u_K)^2 with K a component of the largest
/// variance: where v_j = v_K the summand is at most (u_j - u_K)^2, again a constant; where
/// v_j < v_K,
///   r_j <= min(1, e^{C - A z^2}),  u_j - u_K = -2 A z,  A = (1/v_j - 1/v_K)/2,
/// z the distance from the maximum of log(w_j N_j/(w_K N_K)) and C its value there; hence
/// r_j (u_j - u_K)^2 <= 4 A max(C, 1).
SlopeBounds score_slope(const BallMixture<>& mixture);

}  // namespace lemmabench
