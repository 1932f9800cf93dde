#pragma once

#include "numerics/jet.hpp"
#include "theory/mixture/ball_mixture.hpp"

/// The probability flow of a mixture on the line at fixed signal, dx/dv = -S_v(x)/2 (theory.md
/// section 1), as power series and as proved enclosures of the exact flow map.
namespace lemmabench {

/// dx/dv = -speed S_v(x). The probability flow has speed 1/2; another one breaks it on purpose.
inline Rational probability_flow_speed() { return Rational(1, 2); }

/// x(v_0 + s) = x_0 + c_1 s + ... + c_order s^order along the flow. S = Ball (points or boxes of
/// x_0 and v_0: then c_k encloses the coefficients for all of them) or Jet<Ball>.
/// Cost: `order` evaluations of a score series, 0.3 ms for two components and order 12 in balls.
template <class S>
Jet<S> flow_series(const CoordinateLaw& law, const Ball& abar, const S& x0, const S& v0, int order,
                   const Ball& speed = Ball(probability_flow_speed())) {
  const BallMixture<Jet<S>> mixture(law, abar, Jet<S>::variable(v0, order));
  std::vector<S> x{x0};
  for (int k = 0; k < order; ++k) {
    // The score along the path is known up to s^k once the path is.
    const Jet<S> score = mixture.at(Jet<S>(x, k)).score();
    x.push_back(score.coefficient(k) * (-speed) / (k + 1));
  }
  return Jet<S>(std::move(x), order);
}

struct FlowOptions {
  int order = 14;  ///< of the Taylor steps
  /// Largest remainder of one step, in standard deviations of the narrowest component.
  double tolerance = 1e-18;
  long max_steps = 2000;
  Rational speed = probability_flow_speed();
};

/// The exact flow map from noise variance `from` to `to` (either order) at x_0, a point or a box:
/// an enclosure of x(to) for every x(from) in x_0.
///
/// Taylor steps with Lagrange remainder over an a-priori box found by Picard's iteration; the
/// spread of x_0 is carried by the flow's derivative exp(-speed int S_v'(x) dv), so that it grows
/// as the flow itself stretches and no faster. Cost: about 1 ms a step, some 20 steps for each
/// factor e^8 of W. Throws NumericalFailure when a step cannot be enclosed or max_steps do not
/// suffice, and InputError when `from` or `to` is not positive. Source of the method: Moore,
/// "Interval Analysis" (1966), ch. 11; Nedialkov, Jackson & Corliss, Appl. Math. Comput. 105
/// (1999).
Ball flow(const CoordinateLaw& law, const Ball& abar, const Ball& x0, const Ball& from,
          const Ball& to, const FlowOptions& options = {});

}  // namespace lemmabench
