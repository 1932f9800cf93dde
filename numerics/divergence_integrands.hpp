#pragma once

#include <array>
#include <cmath>

#include "numerics/log_functions.hpp"

namespace lemmabench {

/// The integrands of KL(p||q), KL(q||p) and H^2 at a point.
template <class Real>
using DivergenceIntegrands = std::array<Real, 3>;

/// Made from the densities `p` and `q` > 0: in e = q/p - 1 where both are alike, so that nothing
/// cancels, in logarithms where they differ by more than a factor 2. p may underflow there: its
/// logarithm is asked of `log_p`. The masses of p and q are taken as equal: both KL integrands are
/// those of the divergence plus q - p or p - q.
template <class Real, class LogDensity>
DivergenceIntegrands<Real> divergence_integrands(const Real& p, const Real& q,
                                                 const LogDensity& log_p) {
  using std::log;
  using std::sqrt;
  if (2 * p > q && p < 2 * q) {
    const Real e = (q - p) / p;
    const Real root = e / (1 + sqrt(Real(1 + e)));
    return {-p * log1p_minus(e), q * log1p_minus_fraction(e), p * root * root / 2};
  }
  const Real ratio = log(q) - log_p();
  const Real root = sqrt(q) - sqrt(p);
  return {q - p - p * ratio, p - q + q * ratio, root * root / 2};
}

}  // namespace lemmabench
