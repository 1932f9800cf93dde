#pragma once

#include <functional>
#include <vector>

#include "numerics/ball_integral.hpp"
#include "theory/radial/ray_mixture.hpp"

namespace lemmabench {

/// P(|X| <= r) = sum_k w_k P(chi2_d <= r^2/W_k) and P(|X| > r), each to full relative accuracy in
/// its own small tail; r >= 0. Cost: numerics/chi_square.hpp.
Ball cdf(const RayMixture<>& mixture, const Ball& r);
Ball upper_tail(const RayMixture<>& mixture, const Ball& r);

/// Proved expectations E f(|X|^2) under a finite scale mixture in R^d, as integrals over r = |X| of
///   S_{d-1} r^{d-1} p_v f(r^2),   S_{d-1} = 2 pi^{d/2}/Gamma(d/2),
/// whose integrand is holomorphic where p_v has no zeros.
///
/// For bounding f where |X|^2 = q > Q = max W_k (sqrt(d) + 15)^2, with tau = max_k 1/W_k: there
/// d <= tau q, v tau <= 1, and [D]
///   g <= tau,  kappa_2 <= tau^2/4,  |g - q kappa_2| <= tau^2 q,  |d_v p| <= tau^2 q p,
///   |d_v E f| <= sup|d_v f| + 2 tau^2 q sup|f| for posterior means E,  |log p| <= log_slope() q.
class RadialIntegral {
 public:
  explicit RadialIntegral(const BallScaleMixture<>& mixture);

  const Ball& tau() const { return tau_; }
  const Ball& log_slope() const { return log_slope_; }

  /// E f(q), where `f_times_density(q)` is f(q) p_v (2 pi)^{d/2} as ScalePoint::scaled_density has
  /// it, and |f| <= factor q^power for q > Q, power an integer >= 0. Cost: 100 to 1000 values at 12
  /// digits, whatever d is. Throws as integral does.
  template <class F>
  Ball operator()(F f_times_density, const Ball& factor, long power,
                  const IntegralGoal& goal) const {
    return integrate(
        [&](const ComplexBall& r, bool) { return f_times_density(square(r)) * measure(r); }, factor,
        power, goal);
  }

 private:
  Ball integrate(const ComplexFunction& f, const Ball& factor, long power,
                 const IntegralGoal& goal) const;
  /// S_{d-1} (2 pi)^{-d/2} r^{d-1}.
  ComplexBall measure(const ComplexBall& r) const;
  /// E[q^power; q > Q], bounded: sum_k w_k (2 W_k)^power Gamma(d/2+power)/Gamma(d/2)
  /// P(chi2_{d+2 power} > Q/W_k).
  Ball tail(long power) const;

  const BallScaleMixture<>& mixture_;
  Ball tau_;
  Ball log_slope_;
  Ball end_;      ///< sqrt(Q), an exact double
  Ball surface_;  ///< S_{d-1} (2 pi)^{-d/2}
  std::vector<Ball> points_;
};

}  // namespace lemmabench
