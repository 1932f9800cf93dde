#pragma once

#include <cstddef>
#include <functional>
#include <vector>

#include "numerics/scalar.hpp"
#include "theory/process/schedule.hpp"

namespace lemmabench {

/// A one-dimensional Gaussian mixture sum_k w_k N(m_k, v_k): a target on the line, or its marginal
/// p_t at a level. Immutable. Every function is safe for any finite x: far from all components the
/// densities underflow to 0 and the logarithms, scores and posteriors stay exact.
template <class Real>
class LineMixture {
 public:
  struct Component {
    Real weight;
    Real mean;
    Real variance;
  };

  /// Weights > 0 that sum to 1 and variances > 0; at least one component, else InputError.
  explicit LineMixture(std::vector<Component> components);

  const std::vector<Component>& components() const { return components_; }

  /// The law of sqrt(abar) X + sqrt(1-abar) Z (theory.md section 1): means sqrt(abar) m_k,
  /// variances abar v_k + noise.
  LineMixture at_level(const Level<Real>& level) const;

  Real mean() const;
  Real variance() const;

  Real density(const Real& x) const;
  Real log_density(const Real& x) const;
  /// (log p)'(x) = sum_k r_k(x) (m_k - x)/v_k, r_k the posterior weight of component k.
  Real score(const Real& x) const;
  /// (log p)''(x) = sum_k r_k (u_k^2 - 1/v_k) - (sum_k r_k u_k)^2, u_k = (m_k - x)/v_k.
  Real score_derivative(const Real& x) const;

  /// The same at `count` points; `out` may be `points`.
  void density(const Real* points, std::size_t count, Real* out) const;
  void score(const Real* points, std::size_t count, Real* out) const;

  /// P(X <= x) and P(X > x), each to full relative accuracy in its own small tail.
  Real cdf(const Real& x) const;
  Real upper_tail(const Real& x) const;
  /// The x with cdf(x) = p, or with upper_tail(x) = p. 0 < p < 1, else InputError. Newton's method
  /// kept inside a bracket; accurate to a few units in the last place of max(|x|, sd).
  Real quantile(const Real& p) const;
  Real upper_quantile(const Real& p) const;

  /// E f(X), f given at batches of points: sum_k w_k int phi(z) f(m_k + sd_k z) dz by adaptive
  /// Gauss-Legendre quadrature on |z| <= reach, with the mass beyond it below `tolerance`.
  /// Error about `tolerance` times the size of f where the mass is; f must be smooth.
  Real expectation(const std::function<void(const Real*, std::size_t, Real*)>& f,
                   double tolerance) const;
  /// E score(X)^2, the Fisher information; relative error about `tolerance`.
  Real score_second_moment(double tolerance) const;

 private:
  Real signed_quantile(const Real& p, bool upper) const;

  std::vector<Component> components_;
  std::vector<Real> log_factors_;  // log(w_k/sqrt(2 pi v_k))
};

/// E[X_0 | X_t = x] for X_0 ~ `clean` (Tweedie): (x + (1-abar) s*_t(x))/sqrt(abar), evaluated as
/// sum_k r_k (m_k noise + sqrt(abar) v_k x)/(abar v_k + noise), which does not cancel.
template <class Real>
Real posterior_mean(const LineMixture<Real>& clean, const Level<Real>& level, const Real& x);

/// The exact probability flow in one dimension, F_to^{-1}(F_from(x)) (theory.md section 4), through
/// whichever tail of `from` is the smaller at x.
template <class Real>
Real exact_flow(const LineMixture<Real>& from, const LineMixture<Real>& to, const Real& x);

#define LEMMABENCH_EXTERN(Real)                                                             \
  extern template class LineMixture<Real>;                                                  \
  extern template Real posterior_mean<Real>(const LineMixture<Real>&, const Level<Real>&,   \
                                            const Real&);                                   \
  extern template Real exact_flow<Real>(const LineMixture<Real>&, const LineMixture<Real>&, \
                                        const Real&);
LEMMABENCH_FOR_EACH_COMMON_FLOAT(LEMMABENCH_EXTERN)
#undef LEMMABENCH_EXTERN

}  // namespace lemmabench
