#pragma once

#include <cstddef>
#include <vector>

#include "numerics/mp.hpp"

namespace lemmabench {

/// sum_k w_k exp(-(y_j - m_k)^2/(2 sd^2)) for many sources m_k and targets y_j that are near each
/// other, without an exponential for every pair (the fast Gauss transform of Greengard and Strain).
///
/// With c the middle of the targets, u that of some sources, a = (y-c)/sd, b = (m-u)/sd and
/// s = (c-u)/sd, exactly
///   exp(-(s + a - b)^2/2) = exp(-(s+a)^2/2) exp(s b - b^2/2) exp(a b),
/// and exp(ab) is summed as a power series, whose coefficients are moments of the sources. Sources
/// are taken together while |ab| <= 4, so that the alternating series loses a factor e^8 of
/// rounding against a sum of positive terms, 3.5 digits; it ends below the last digit. Costs about
/// two exponentials a target for a group of sources, in place of one for each of them.
template <class Real>
class GaussTransform {
 public:
  /// For sd > 0 and sources with `channels` weights each.
  GaussTransform(const Real& sd, std::size_t channels);

  /// Adds the sum over `sources` sources to out[channel * targets + j], j < targets.
  /// weights[channel * sources + k] belongs to means[k].
  void add(const Real* means, const Real* weights, std::size_t sources, const Real* points,
           std::size_t targets, Real* out);

 private:
  struct Group {
    std::size_t first;
    std::size_t end;
    Real centre;
    double reach;  ///< max |b|
  };

  Group group_from(const Real* means, std::size_t first, std::size_t sources, double spread) const;
  void add_direct(const Group& group, const Real* means, const Real* weights, std::size_t sources,
                  const Real* points, std::size_t targets, Real* out);
  void add_series(const Group& group, const Real* means, const Real* weights, std::size_t sources,
                  const Real& middle, Real* out);
  std::size_t terms_for(double product);

  Real inverse_sd_;
  std::size_t channels_;
  std::vector<Real> inverse_factorials_;
  std::vector<Real> offsets_;  ///< a_j
  std::vector<Real> moments_;  ///< [channel][n]
};

#define LEMMABENCH_EXTERN(Real) extern template class GaussTransform<Real>;
LEMMABENCH_FOR_EACH_FLOAT(LEMMABENCH_EXTERN)
#undef LEMMABENCH_EXTERN

}  // namespace lemmabench
