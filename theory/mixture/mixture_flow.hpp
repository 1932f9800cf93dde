#pragma once

#include "numerics/jet.hpp"
#include "theory/mixture/ball_mixture.hpp"
#include "theory/process/validated_flow.hpp"

/// The probability flow of a mixture on the line at fixed signal, dx/dv = -S_v(x)/2 (theory.md
/// section 1), as power series and as proved enclosures of the exact flow map.
namespace lemmabench {

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

/// The exact flow map from noise variance `from` to `to` (either order) at x_0, a point or a box:
/// an enclosure of x(to) for every x(from) in x_0.
///
/// By validated_flow; cost: about 1 ms a step, some 20 steps for each factor e^8 of W. Throws as it
/// does.
Ball flow(const CoordinateLaw& law, const Ball& abar, const Ball& x0, const Ball& from,
          const Ball& to, const FlowOptions& options = {});

}  // namespace lemmabench
