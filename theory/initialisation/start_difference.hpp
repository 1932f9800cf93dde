#pragma once

#include <cstddef>
#include <vector>

#include "theory/mixture/line_mixture.hpp"

namespace lemmabench {

/// p_{X_T} - N(0, 1) for a mixture on the line. The two agree to more digits than Real has when
/// abar_T is small, so the difference is not made by subtracting densities:
///   sum_k w_k phi(x) (e^{l_k(x)} - 1),  l_k = log N(x; m_k, 1 + delta_k) - log N(x; 0, 1)
///       = -log(1+delta_k)/2 + (delta_k x^2/2 + m_k x - m_k^2/2)/(1+delta_k),
/// with m_k = sqrt(abar) mean_k and delta_k = abar (variance_k - 1), both to full relative accuracy
/// [D]. Its integral is 0 whatever the weights are rounded to.
template <class Real>
class StartDifference {
 public:
  StartDifference(const LineMixture<Real>& clean, const Level<Real>& level);

  /// out[i] = p_{X_T}(x_i) - N(x_i; 0, 1).
  void operator()(const Real* points, std::size_t count, Real* out) const;

  /// The size of the difference, to a factor of a few and at most 1: sum_k w_k (|delta_k| + |m_k|).
  Real size() const;

  /// Half the integral of |rounding|: what an integral of |difference|/2 may be too large by, for
  /// rounding is counted there with its absolute value. 8 units of the last place of the largest
  /// term of l_k, or of the exponent where the densities are subtracted.
  Real rounding() const;

 private:
  struct Component {
    Real weight;
    Real mean;         ///< m_k
    Real delta;        ///< variance - 1
    Real spread;       ///< the variance itself, which 1 + delta loses where it is small
    Real log_spread;   ///< log(spread)/2
    Real log_density;  ///< log(1/sqrt(2 pi spread))
  };
  std::vector<Component> components_;
};

#define LEMMABENCH_EXTERN(Real) extern template class StartDifference<Real>;
LEMMABENCH_FOR_EACH_COMMON_FLOAT(LEMMABENCH_EXTERN)
#undef LEMMABENCH_EXTERN

}  // namespace lemmabench
