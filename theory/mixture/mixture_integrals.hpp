#pragma once

#include <vector>

#include "numerics/ball_integral.hpp"
#include "theory/mixture/ball_mixture.hpp"

namespace lemmabench {

/// P(X <= x) and P(X > x), each to full relative accuracy in its own small tail.
Ball cdf(const BallMixture<>& mixture, const Ball& x);
Ball upper_tail(const BallMixture<>& mixture, const Ball& x);

/// Proved integrals over the whole line of p_v times functions of x, its score and its posterior.
///
/// Scales of the mixture for bounding the tails by hand: with tau = max_k 1/W_k and
/// M = max_k |sqrt(a) m_k| + max_k sqrt(W_k), on the whole real line and for every component
///   |u_k| <= tau (|x| + M),   1 <= tau (|x| + M)^2,   |x| <= |x| + M,   v tau <= 1,
/// hence (with m = |x| + M)
///   |S| <= tau m,   |S'| <= 2 tau^2 m^2,   |d_v p| <= tau^2 m^2 p,   |d_v S| <= 3 tau^3 m^3,
///   Sigma <= (1 + v tau) tau m^2,   Cov(X_0|x) = v Sigma/a <= (2 v tau/a) m^2,
///   |d_v Cov(X_0|x)| <= (17/a) tau^2 m^4,   1 + |log p| <= log_factor() tau m^2.
class MixtureIntegral {
 public:
  explicit MixtureIntegral(const BallMixture<>& mixture);

  const Ball& tau() const { return tau_; }
  const Ball& log_factor() const { return log_factor_; }

  /// int f, where |f(x)| <= factor p_v(x) (|x| + M)^power, 0 <= power <= 8, on the real line.
  /// Cost: 100 to 1000 values of f at 12 digits. Throws as integral does.
  Ball operator()(const ComplexFunction& f, const Ball& factor, int power,
                  const IntegralGoal& goal) const;

 private:
  /// int over |x| > reach of p_v (|x| + M)^power, bounded [D]: with y = (x - sqrt(a) m_k)/sqrt(W_k)
  /// and |y| >= z there, |x| + M <= 3 M |y|, and for z^2 >= 2 power
  ///   int_z^oo y^power phi(y) dy <= sqrt(2/pi) z^(power-1) e^{-z^2/2}.
  Ball tails(int power) const;

  Ball tau_;
  Ball offset_;  ///< M
  Ball log_factor_;
  std::vector<Ball> points_;
};

}  // namespace lemmabench
