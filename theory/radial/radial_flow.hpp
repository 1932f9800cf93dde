#pragma once

#include "theory/process/validated_flow.hpp"
#include "theory/radial/ball_scale_mixture.hpp"

/// The probability flow of a finite scale mixture in R^d at fixed signal, dx/dv = -S_v(x)/2 =
/// g(|x|^2) x/2 (theory.md section 1): points stay on their ray, so that it is a flow of the
/// radius.
namespace lemmabench {

/// r(v_0 + s) = r_0 + c_1 s + ... + c_order s^order along dr/dv = speed g r, for points or boxes of
/// r_0 and v_0: then c_k encloses the coefficients for all of them. Coefficient by coefficient,
/// with the posterior weights' series beside that of r. Cost: order^2 products a component, 30 us
/// for two components and order 12, whatever d is.
Jet<Ball> flow_series(const ScaleMixtureLaw& law, const Ball& abar, const Ball& r0, const Ball& v0,
                      int order, const Ball& speed = Ball(probability_flow_speed()));

/// The exact flow map of the radius from noise variance `from` to `to` (either order) at r_0, a
/// point or a box of r_0 >= 0, by validated_flow: an enclosure of r(to) for every r(from) in r_0.
/// Throws as it does. Cost: about 0.2 ms a step, some 20 steps for each factor e^8 of W.
Ball flow(const ScaleMixtureLaw& law, const Ball& abar, const Ball& r0, const Ball& from,
          const Ball& to, const FlowOptions& options = {});

}  // namespace lemmabench
