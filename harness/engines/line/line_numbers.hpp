#pragma once

#include "harness/engines/common/two_runs.hpp"
#include "harness/engines/line/line_walk.hpp"
#include "numerics/mp.hpp"
#include "theory/process/output_law.hpp"

namespace lemmabench {

/// TV, both KL and Hellinger between the mixture p and q = channel 0 of `law`, by one adaptive
/// quadrature that resolves all four integrands. With e = q/p - 1 nothing cancels:
///   TV = (1/2) int |q - p|, split at the kinks;       H^2 = (1/2) int p (e/(1 + sqrt(1+e)))^2;
///   KL(p||q) = int p (e - log(1+e)) + (int p - int q); KL(q||p) = int q (log(1+e) - e/(1+e)) + ...
/// where the brackets vanish because both masses are 1: the mass defect of q is part of the error,
/// not of the value. Where q and p differ by more than a factor 2 the logarithms themselves are
/// used. Where both densities are below settings.negligible the integrands are cut off, and q is
/// never taken below 10^-3 of that, where it is not known; the error of kl_qp says what that may
/// cost. What q is off in mass is not in the errors: LawDistances::widen.
template <class Real>
LawDistances<Real> line_distances(const LineMixture<Real>& p, const PanelFunction<Real>& law,
                                  const LineSettings& settings);

/// One propagation from level T to level 1 with these settings, and the terms asked for.
template <class Real>
LawNumbers<Real> compute_line_numbers(const LineModel<Real>& model, Start start,
                                      const LawOptions& options, const LineSettings& settings);

/// The law of Y_1 on panels: channel 0 from N(0, 1) and channel 1 what the exact start p_{X_T} adds
/// to it, a signed density with its own accuracy; with an exact start channel 0 alone.
template <class Real>
struct LineEnd {
  PanelFunction<Real> law;
  long score_calls = 0;
};

/// N(0, 1) against p_{X_T}: TV and KL(p_{X_T} || N(0, 1)), from their difference itself
/// (theory/initialisation/start_difference.hpp), so that both keep their digits when they are
/// 1e-20.
template <class Real>
struct InitialDistances {
  Estimate<Real> tv;
  Estimate<Real> kl;
};
template <class Real>
InitialDistances<Real> initial_distances(const LineModel<Real>& model, const DyadicLine& line,
                                         const LinePropagator<Real>& propagator);

/// What the initialisation error of a law propagated from `initial` may be off because rounding
/// noise under an absolute value adds up instead of cancelling, absolutely: that of the starting
/// difference, and one unit of the last place of all that is propagated a step [D].
template <class Real>
Real initialisation_noise(const LineModel<Real>& model, const InitialDistances<Real>& initial);
template <class Real>
LineEnd<Real> propagate_line(const LineModel<Real>& model, Start start,
                             const LineSettings& settings);

/// The mixture's density on panels.
template <class Real>
PanelFunction<Real> mixture_panels(const LineMixture<Real>& mixture, const DyadicLine& line,
                                   const LinePropagator<Real>& propagator);

/// eps_score = sqrt((1/T) sum_{t=1}^T E|s_t(X_t) - s*_t(X_t)|^2) (A1), by quadrature for any
/// estimate; relative error about `tolerance` at each level. Its error is what both runs share, the
/// rounding of the two scores. 0 for the exact score.
template <class Real>
Estimate<Real> line_score_error(const LineModel<Real>& model, double tolerance);

/// The line on which all levels of the model, and N(0, 1), live with room to spare.
template <class Real>
DyadicLine line_of(const LineModel<Real>& model);

#define LEMMABENCH_EXTERN(Real)                                                          \
  extern template LawDistances<Real> line_distances<Real>(                               \
      const LineMixture<Real>&, const PanelFunction<Real>&, const LineSettings&);        \
  extern template LawNumbers<Real> compute_line_numbers<Real>(                           \
      const LineModel<Real>&, Start, const LawOptions&, const LineSettings&);            \
  extern template LineEnd<Real> propagate_line<Real>(const LineModel<Real>&, Start,      \
                                                     const LineSettings&);               \
  extern template PanelFunction<Real> mixture_panels<Real>(                              \
      const LineMixture<Real>&, const DyadicLine&, const LinePropagator<Real>&);         \
  extern template Estimate<Real> line_score_error<Real>(const LineModel<Real>&, double); \
  extern template InitialDistances<Real> initial_distances<Real>(                        \
      const LineModel<Real>&, const DyadicLine&, const LinePropagator<Real>&);           \
  extern template Real initialisation_noise<Real>(const LineModel<Real>&,                \
                                                  const InitialDistances<Real>&);        \
  extern template DyadicLine line_of<Real>(const LineModel<Real>&);
LEMMABENCH_FOR_EACH_FLOAT(LEMMABENCH_EXTERN)
#undef LEMMABENCH_EXTERN

}  // namespace lemmabench
