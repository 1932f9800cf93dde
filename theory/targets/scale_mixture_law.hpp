#pragma once

#include <vector>

#include "numerics/rational.hpp"

namespace lemmabench {

/// X_0 = sqrt(W) G in R^d, G ~ N(0, I_d) and W one of finitely many variances: the finite scale
/// mixture sum_k w_k N(0, V_k I_d). Rotation-invariant; contaminated and two-scale laws are of this
/// kind. Exact rationals, so that everything can be computed again at any precision.
struct ScaleMixtureLaw {
  struct Atom {
    Rational weight;    ///< w_k > 0, which sum to 1
    Rational variance;  ///< V_k > 0
  };
  long dim = 1;
  std::vector<Atom> atoms;

  /// E W = sum_k w_k V_k, the variance of every coordinate.
  Rational variance() const;
  /// E||X_0||^2 = d E W.
  Rational second_moment() const { return Rational(dim) * variance(); }
  /// The same scales and weights in R^dim.
  ScaleMixtureLaw in_dimension(long other) const { return {other, atoms}; }
};

}  // namespace lemmabench
