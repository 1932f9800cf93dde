#pragma once

#include <vector>

#include "numerics/complex_ball.hpp"
#include "numerics/rational.hpp"
#include "theory/process/schedule.hpp"

namespace lemmabench {

/// X_t = sqrt(abar W + 1-abar) G for the multivariate Student-t with nu degrees of freedom,
/// W ~ InvGamma(nu/2, nu/2), G ~ N(0, I_d): a rotation-invariant law whose radius decides all
/// (theory.md section 4). Everything is one integral over u = log W,
///   E g(W) = int g(e^u) f(u) du,  f(u) = k^k/Gamma(k) exp(-k u - k e^{-u}),  k = nu/2,
/// enclosed rigorously (numerics/ball_integral.hpp), the tails in u bounded by hand.
///
/// `digits` (at least 3) is the relative accuracy, also of tiny values, and decides the working
/// precision (not the thread's). Cost at 8 digits: 1 to 5 ms, tails for odd d up to 10 ms.
/// Functions throw NumericalFailure as integral() does. Immutable.
class StudentMarginal {
 public:
  /// d >= 1, nu > 0, a level with both numbers > 0.
  StudentMarginal(long dim, const Rational& nu, const Level<Ball>& level);

  long dim() const { return dim_; }
  const Rational& nu() const { return nu_; }
  const Level<Ball>& level() const { return level_; }

  /// p_t at ||x|| = r, r >= 0 exact; decreasing in r.
  Ball density(const Ball& r, long digits) const;
  /// The radius of the typical set {x: -log p_t(x) <= bound}, a ball around the origin, enclosed to
  /// three digits: p_t is certainly above e^-bound at the lower end and below it at the upper one.
  /// About ten densities. Throws NumericalFailure when there is no such radius above 1e-9.
  Ball typical_radius(const Ball& bound) const;
  /// P(||X_t|| > r), r >= 0 exact.
  Ball tail(const Ball& r, long digits) const;
  /// E||X_t||^2 = d (abar nu/(nu-2) + 1-abar); an infinite ball for nu <= 2.
  Ball second_moment() const;
  /// E[s - 1 - log s], s = abar W + 1-abar, to 10^-digits absolute; infinite for nu <= 2. d/2 times
  /// it is E KL(N(0, s I) || N(0, I)), an upper bound of KL(p_t || N(0, I)) by convexity.
  Ball mean_scale_divergence(long digits) const;

 private:
  /// Where to integrate in u, with the places where the integrand changes in between. Doubles:
  /// they decide the cost, never the enclosure.
  std::vector<Ball> points(double transition, long digits) const;
  /// log((r^2/d - (1-abar))/abar), where the exponential in r stops to matter.
  double transition(const Ball& r) const;
  Ball scale(const Ball& u) const;
  ComplexBall log_weight(const ComplexBall& u, const ComplexBall& e) const;
  Ball mass_below(const Ball& u) const;
  Ball mass_above(const Ball& u) const;

  long dim_;
  Rational nu_;
  Level<Ball> level_;
  Ball shape_;           ///< k = nu/2
  Ball log_normaliser_;  ///< log(k^k/Gamma(k))
};

/// Q_d = Gamma(d/2, y)/Gamma(d/2) = P(chi2_d > 2y) continued to the complex plane cut along
/// (-inf, 0]: e^{-y} times a finite sum, plus erfc(sqrt y) for odd d (DLMF 8.4.6, 8.4.10, 8.8.2).
ComplexBall chi_square_upper(const ComplexBall& y, long d, bool analytic);

}  // namespace lemmabench
