#pragma once

#include "numerics/jet.hpp"
#include "theory/mixture/ball_mixture.hpp"

namespace lemmabench {

/// The exact probability flow over one step at fixed signal, Phi: noise variance `from` -> `to`, as
/// enclosures to the working precision and as Taylor series in x (theory.md sections 1 and 4).
///
/// Phi is the quantile map F_to^{-1} o F_from, so Phi' = p_from(x)/p_to(Phi(x)): the value by the
/// interval Newton method, the series from it by that differential equation. For steps whose
/// displacement is small against the scale of the law; long flows: theory/mixture/mixture_flow.hpp.
class FlowStep {
 public:
  FlowStep(const CoordinateLaw& law, const Ball& abar, const Ball& from, const Ball& to);

  const BallMixture<>& from() const { return from_; }
  const BallMixture<>& to() const { return to_; }

  /// Phi at a point, or the image of a box (Phi increases). About 60 us an end for two components.
  /// Throws NumericalFailure where Newton's method does not contract.
  Ball operator()(const Ball& x) const;
  /// Phi(x_0 + s) up to s^order, given Phi(x_0); on boxes the coefficients enclose those at every
  /// point. About 20 us an order.
  Jet<Ball> series(const Ball& x0, const Ball& image, int order) const;

 private:
  Ball at(const Ball& x) const;

  Ball variance_drop_;
  BallMixture<> from_;
  BallMixture<> to_;
};

}  // namespace lemmabench
