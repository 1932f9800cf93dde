#pragma once

#include <optional>
#include <span>

#include "numerics/evidence.hpp"
#include "numerics/scalar.hpp"

/// Divergences between Gaussians with a common eigenbasis, as functions of relative variance
/// errors.
///
/// p = prod_i N(mu_i, w_i), q = prod_i N(mu_i + Delta_i, v_i), e_i = v_i/w_i - 1. In lemmabench p
/// is the law of X_1 and q that of Y_1. Every formula is written in e_i, which the laws propagate
/// directly, so that nothing cancels however close p and q are (theory.md section 4).
/// With B(s) = int p^s q^{1-s} [D, checked numerically],
///   log B(s) = (1/2) sum_i m_i (s log(1+e_i) - log(1+s e_i)) - (1/2) s(1-s) sum_i D_i/(1+s e_i),
/// all of these are values of B or an integral of it.
namespace lemmabench {

/// `multiplicity` coordinates with the same relative variance error e = v/w - 1 > -1, and their
/// mean difference shift = sum |Delta|^2/w >= 0 over the block. Blocks with equal e may be merged
/// (adding multiplicities and shifts) and need not be.
template <class Real>
struct RelativeBlock {
  Real e{};
  Real shift{};
  long multiplicity = 1;
};

template <class Real>
using RelativeBlocks = std::span<const RelativeBlock<Real>>;

// The four below: relative error at most a few units in the last place times log2(blocks) for
// double and Mp (below 1e-14 in double for |e| from 1e-300, as long as the result does not
// underflow: KL is of order e^2). For Ball an enclosure whose radius is what the radii of the e's
// force. Throw InputError when some e <= -1, shift < 0 or multiplicity < 1, and NumericalFailure
// when a ball leaves that open. Cost: one or two logarithms a block.

/// KL(p||q) = (1/2) sum m (log(1+e) - e/(1+e)) + (1/2) sum shift/(1+e).
template <class Real>
Real kl_pq(RelativeBlocks<Real> blocks);

/// KL(q||p) = (1/2) sum m (e - log(1+e)) + (1/2) sum shift.
template <class Real>
Real kl_qp(RelativeBlocks<Real> blocks);

/// log int sqrt(pq) = log B(1/2) = (1/4) sum m log(1 - (e/(2+e))^2) - (1/8) sum shift/(1+e/2) <= 0.
template <class Real>
Real log_affinity(RelativeBlocks<Real> blocks);

/// Hellinger distance sqrt(1 - int sqrt(pq)), in [0, 1].
template <class Real>
Real hellinger(RelativeBlocks<Real> blocks);

/// chi^2(p||q) = int p^2/q - 1 = B(2) - 1, finite iff 1+2e > 0 for every block.
/// Empty when it is infinite; throws NumericalFailure when a ball leaves that open. Not to be used
/// for large divergences in double: B(2) overflows.
template <class Real>
std::optional<Real> chi_square_pq(RelativeBlocks<Real> blocks);

/// chi^2(q||p) = int q^2/p - 1 = B(-1) - 1, finite iff e < 1 for every block; as chi_square_pq.
template <class Real>
std::optional<Real> chi_square_qp(RelativeBlocks<Real> blocks);

/// Everything at once, for reports and records. All are proved.
struct GaussianDivergences {
  Quantity tv;
  Quantity kl_pq;
  Quantity kl_qp;
  Quantity hellinger;
  std::optional<Quantity> chi2_pq;  ///< empty when infinite
  std::optional<Quantity> chi2_qp;
};

/// All divergences to `digits` significant digits (1..10000) where the radii of the blocks allow
/// it. Cost: that of total_variation (theory/gaussian/gaussian_total_variation.hpp). Throws as the
/// functions above.
GaussianDivergences gaussian_divergences(RelativeBlocks<Ball> blocks, long digits);

/// Throws what the header promises for blocks outside the domain.
template <class Real>
void require_domain(RelativeBlocks<Real> blocks);

#define LEMMABENCH_EXTERN(Real)                                                  \
  extern template Real kl_pq<Real>(RelativeBlocks<Real>);                        \
  extern template Real kl_qp<Real>(RelativeBlocks<Real>);                        \
  extern template Real log_affinity<Real>(RelativeBlocks<Real>);                 \
  extern template Real hellinger<Real>(RelativeBlocks<Real>);                    \
  extern template std::optional<Real> chi_square_pq<Real>(RelativeBlocks<Real>); \
  extern template std::optional<Real> chi_square_qp<Real>(RelativeBlocks<Real>); \
  extern template void require_domain<Real>(RelativeBlocks<Real>);
LEMMABENCH_FOR_EACH_COMMON_SCALAR(LEMMABENCH_EXTERN)
#undef LEMMABENCH_EXTERN

}  // namespace lemmabench
