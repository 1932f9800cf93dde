#pragma once

#include <array>
#include <vector>

#include "numerics/ball.hpp"
#include "theory/process/schedule.hpp"
#include "theory/radial/ray_mixture.hpp"

namespace lemmabench {

/// The typical set {x: -log p_t(x) <= B} of a finite scale mixture in R^d and the functions whose
/// suprema over it theory.md section 6 bounds. p_t falls with |x|, so that the set is a ball
/// |x| <= R, R enclosed; everything is a function of the radius r = |x|. [D]
///
/// A box is a ball of r >= 0 (what of it is below 0 stands for -r); the functions enclose the
/// values at all of its points, by plain interval evaluation with what is monotone taken at the
/// ends. Cost: some us a component, whatever d is; counted (EvaluationBudget).
class TypicalBall {
 public:
  /// Throws NumericalFailure where R cannot be enclosed.
  TypicalBall(const ScaleMixtureLaw& law, const Level<Ball>& level, const Ball& bound);

  long dim() const { return ray_.dim(); }
  const Level<Ball>& level() const { return level_; }
  /// The law along a ray.
  const RayMixture<>& mixture() const { return ray_; }
  /// True when no x is typical; then R = 0.
  bool empty() const { return empty_; }
  /// R, enclosed to about 12 digits.
  const Ball& radius() const { return radius_; }
  Truth contains(const Ball& box) const;
  /// [0, R] cut into `count` boxes.
  std::vector<Ball> boxes(int count) const;

  /// P(|X_t| > R) = sum_k w_k P(chi2_d > R^2/W_k).
  Ball mass_outside() const;
  /// log p_t.
  Ball log_density(const Ball& box) const;
  /// ||s|| = g r; g falls with r.
  Ball score(const Ball& box) const;
  /// tr(I - J) = tr Cov(Z | x) = d E[a V/W] + v q kappa_2.
  Ball noise_trace(const Ball& box) const;
  /// sup of |D^3 log p_t(x)[h, h, h]| over unit h, the Lipschitz constant of grad s at x (for a
  /// symmetric tensor the two agree). With c = cos of the angle of h and x it is the
  /// largest |3 kappa_2 r c - kappa_3 r^3 c^3| over 0 <= c <= 1 (c = 1 for d = 1).
  Ball score_curvature(const Ball& box) const;
  /// E[|V|^k | x] for k = 2 and 4, V = sqrt(abar) X_0 - x: given x and a component it is
  /// N(-(v/W) x, C I), C = a V v/W. For k = 1 and 3 an enclosure by Hoelder's inequality in both
  /// directions: E2^{3/2}/E4^{1/2} <= E1 <= E2^{1/2} and E2^{3/2} <= E3 <= (E2 E4)^{1/2}.
  Ball displacement_moment(const Ball& box, int k) const;
  /// An upper bound of P(|V| > rho | x), and 0 as a lower one.
  Ball displacement_tail(const Ball& box, const Ball& rho) const;
  /// |(d/dtau)^k [s_tau(x_tau)/(1-tau)^{3/2}]| along the probability flow through the box, k = 0,
  /// 1, 2, by series. Slower: 0.1 ms.
  std::array<Ball, 3> flow_derivatives(const Ball& box) const;

 private:
  /// Counts so many evaluations of every component (EvaluationBudget).
  void count(double evaluations) const;
  void find_radius(const Ball& bound);
  /// f of the posterior at the two ends of the box, f monotone in r.
  template <class F>
  Ball monotone(const Ball& box, F f) const;

  const BallScaleMixture<>& space() const { return ray_.in_space(); }

  const ScaleMixtureLaw& law_;
  Level<Ball> level_;
  RayMixture<> ray_;
  bool empty_ = false;
  Ball radius_;
};

}  // namespace lemmabench
