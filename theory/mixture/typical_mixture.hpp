#pragma once

#include <array>
#include <vector>

#include "numerics/ball.hpp"
#include "theory/mixture/ball_mixture.hpp"
#include "theory/process/schedule.hpp"
#include "theory/targets/product_law.hpp"

namespace lemmabench {

/// The typical set {x: -log p_t(x) <= B} of a Gaussian mixture on the line, a union of intervals
/// known by sign tests on boxes, and the functions whose suprema over it theory.md section 6
/// bounds. A box is a ball of x; its functions enclose the values at all of its points, by plain
/// interval evaluation (about 5 us for two components at 130 bits): narrow boxes are what to use.
/// What they cost is counted (EvaluationBudget).
class TypicalMixture {
 public:
  TypicalMixture(const CoordinateLaw& law, const Level<Ball>& level, const Ball& bound);

  static long dim() { return 1; }
  const Level<Ball>& level() const { return level_; }
  const BallMixture<Ball>& mixture() const { return mixture_; }

  /// log p_t on the box, in mean value form.
  Ball log_density(const Ball& box) const;
  /// -log p_t <= B on the box?
  Truth contains(const Ball& box) const;
  /// A ball that contains the set: where every component is below e^-B.
  const Ball& range() const { return range_; }
  /// The range cut into `count` boxes.
  std::vector<Ball> boxes(int count) const;

  /// |s| and Cov(Z | x).
  Ball score(const Ball& box) const { return abs(mixture_.at(box).score()); }
  Ball noise_trace(const Ball& box) const { return mixture_.at(box).noise_variance(); }

  /// P(X_t not in the set), enclosed to two digits.
  Ball mass_outside() const;

  /// Of V = sqrt(abar) X_0 - x given x, a mixture with the posterior weights of N(b_k, C_k),
  /// b_k = (1-abar)(sqrt(abar) m_k - x)/W_k, C_k = abar V_k (1-abar)/W_k:
  /// E[|V|^k | x] for k = 1..4 in closed form (k odd by erf), and P(|V| > r | x) by erfc. Each
  /// increases with |b_k|, which is used on boxes.
  Ball displacement_moment(const Ball& box, int k) const;
  Ball displacement_tail(const Ball& box, const Ball& r) const;
  /// s''(x) = E(u-s)^3 - 3 Cov(u, 1/W) under the posterior weights, u_k = (sqrt(abar) m_k - x)/W_k.
  Ball score_curvature(const Ball& box) const;
  /// (d/dtau)^k [s_tau(x_tau)/(1-tau)^{3/2}] along the probability flow through the box, k = 0, 1,
  /// 2, by series. Slower: 0.1 ms.
  std::array<Ball, 3> flow_derivatives(const Ball& box) const;

 private:
  /// Counts so many evaluations of every component (EvaluationBudget).
  void count(double evaluations) const;
  Ball offset(const Ball& box, std::size_t k) const;

  const CoordinateLaw& law_;
  Level<Ball> level_;
  Ball bound_;
  BallMixture<Ball> mixture_;
  std::vector<Ball> spread_;  ///< C_k
  Ball range_;
};

/// E|N(b, c)|^k for k = 1..4, b >= 0:
///   k = 1: sqrt(2c/pi) e^{-b^2/2c} + b erf(b/sqrt(2c));      k = 2: b^2 + c;
///   k = 3: (b^2+2c) sqrt(2c/pi) e^{-b^2/2c} + (b^3+3bc) erf(b/sqrt(2c));
///   k = 4: b^4 + 6b^2c + 3c^2. Increasing in b.
Ball absolute_moment(const Ball& b, const Ball& c, int k);

}  // namespace lemmabench
