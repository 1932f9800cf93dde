#pragma once

#include <array>
#include <vector>

#include "numerics/ball.hpp"
#include "theory/process/schedule.hpp"
#include "theory/targets/product_law.hpp"

namespace lemmabench {

/// The typical set {x: -log p_t(x) <= B} of a Gaussian law with independent coordinates, in closed
/// form (theory.md section 6; all formulas here [D]).
///
/// p_t is N(sqrt(abar) mu_i, w_i), w_i = abar lambda_i + 1-abar, per coordinate. With
/// y = x - sqrt(abar) mu, -log p_t(x) = (1/2) sum y_i^2/w_i + (1/2) sum log(2 pi w_i), so that the
/// set is the ellipsoid sum s_i <= R^2, s_i = y_i^2/w_i, R^2 = 2B - sum log(2 pi w_i). Convex
/// functions of the s_i attain their supremum at a corner, where one s_i is R^2.
/// Costs a few products a block. Suprema are meaningless (negative) when the set is empty: see
/// empty().
class TypicalEllipsoid {
 public:
  /// `copies` multiplies all multiplicities: the law of that many independent copies of X.
  /// `law.gaussian()` must hold.
  TypicalEllipsoid(const ProductLaw& law, const Level<Ball>& level, const Ball& bound,
                   long copies = 1);

  long dim() const { return dim_; }
  const Ball& radius_squared() const { return radius_squared_; }
  bool empty() const { return radius_squared_.positive() == Truth::certainly_not; }

  /// P(X_t not in the set) = P(chi2_d > R^2).
  Ball mass_outside() const;
  /// E||X_t||^2 = sum (abar mu_i^2 + w_i).
  Ball second_moment() const;
  /// sup ||s*||^2 = R^2/min w_i.
  Ball score_squared() const;
  /// tr(I - J) = sum abar lambda_i/w_i, the same at every x.
  Ball noise_trace() const;
  /// sup E[||V||^k | x] for k = 1..4, V = sqrt(abar) X_0 - x, which given x is Gaussian with means
  /// -(1-abar) y_i/w_i and variances C_i = abar lambda_i (1-abar)/w_i. Exact for k = 2, 4:
  ///   E||V||^2 = |b|^2 + tr C,  E||V||^4 = (E||V||^2)^2 + 2 tr C^2 + 4 b.Cb;
  /// for k = 1, 3 from them by Hoelder's inequality in both directions:
  ///   E2^{3/2}/E4^{1/2} <= E1 <= E2^{1/2},  E2^{3/2} <= E3 <= (E2 E4)^{1/2}.
  std::array<Ball, 4> displacement_moments() const;
  /// sup P(||V|| > r | x), between the probability of one coordinate alone at the corner of the
  /// least w_i and P(chi2_d > (r - sup |b|)^2/max C_i) (1 when r <= sup |b|).
  Ball displacement_tail(const Ball& r) const;
  /// max_i |(d/dtau)^k [w_i^{-1/2} (1-tau)^{-3/2}]| R for k = 0, 1, 2: since y_i/sqrt(w_i) is
  /// conserved along the probability flow, the supremum of ||d^k/dtau^k [s/(1-tau)^{3/2}]||.
  std::array<Ball, 3> flow_derivatives() const;
  /// min w_i.
  const Ball& least_variance() const { return least_; }

 private:
  struct Block {
    Ball lambda;
    Ball mean;      ///< sqrt(abar) mu
    Ball variance;  ///< w
    Ball noise;     ///< C/(1-abar) = abar lambda/w, the variance of Z given x
    long multiplicity;
  };

  Level<Ball> level_;
  std::vector<Block> blocks_;
  Ball radius_squared_;
  Ball least_;
  long dim_ = 0;
};

}  // namespace lemmabench
