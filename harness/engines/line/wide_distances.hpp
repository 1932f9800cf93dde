#pragma once

#include "harness/engines/line/line_numbers.hpp"
#include "numerics/mp.hpp"

namespace lemmabench {

/// True where one dyadic line does not hold both: the law has spread so far beyond the mixture that
/// cells of its line are too coarse for p.
template <class Real>
bool is_wide(const LineMixture<Real>& p, const PanelFunction<Real>& law);

/// line_distances of such a law. What is near p is integrated on a line of p's own; of the rest
/// only its mass counts, half of it in TV and in H^2:
///   TV = (1/2) int_in |q - p| + q_out/2,   H^2 = (1/2) int_in (sqrt q - sqrt p)^2 + q_out/2,
/// and KL(q||p) is integrated on the law's own panels, where log p is a polynomial between modes.
template <class Real>
LawDistances<Real> wide_line_distances(const LineMixture<Real>& p, const PanelFunction<Real>& law,
                                       const LineSettings& settings);

/// What KL(p||q) may lack because q, known absolutely, is not known where p has mass: `least` is
/// what q is taken as there. `where` are panels that resolve p. Beyond 1e-13 of mass nothing is
/// known, and the answer is infinite; below, -log q is taken to be at most 1000 (a Gaussian tail 45
/// deviations out).
template <class Real>
Real unseen_divergence(const LineMixture<Real>& p, const PanelFunction<Real>& law,
                       const PanelFunction<Real>& where, const Real& least);

/// A Hellinger distance from H^2 as integrated, with what it may be off because q, known to
/// `unknown` absolutely, is not known where p is larger. There sqrt(pq) lies in [0, sqrt(p
/// unknown)], computed and true, so that H^2 is off by at most o, the integral of that, and H by
/// o/H or sqrt(o).
template <class Real>
Estimate<Real> hellinger_of(const Real& square, const LineMixture<Real>& p,
                            const PanelFunction<Real>& law, const PanelFunction<Real>& where,
                            const Real& unknown);

#define LEMMABENCH_EXTERN(Real)                                                             \
  extern template bool is_wide<Real>(const LineMixture<Real>&, const PanelFunction<Real>&); \
  extern template LawDistances<Real> wide_line_distances<Real>(                             \
      const LineMixture<Real>&, const PanelFunction<Real>&, const LineSettings&);           \
  extern template Real unseen_divergence<Real>(const LineMixture<Real>&,                    \
                                               const PanelFunction<Real>&,                  \
                                               const PanelFunction<Real>&, const Real&);    \
  extern template Estimate<Real> hellinger_of<Real>(const Real&, const LineMixture<Real>&,  \
                                                    const PanelFunction<Real>&,             \
                                                    const PanelFunction<Real>&, const Real&);
LEMMABENCH_FOR_EACH_FLOAT(LEMMABENCH_EXTERN)
#undef LEMMABENCH_EXTERN

}  // namespace lemmabench
