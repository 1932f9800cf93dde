#pragma once

#include <variant>
#include <vector>

#include "numerics/evidence.hpp"
#include "theory/claims/typicality.hpp"
#include "theory/targets/product_law.hpp"
#include "theory/targets/radial_law.hpp"

namespace lemmabench {

/// What the lemmas of family T bound at a typical point, without the factors of 1-abar_t and abar_t
/// that their bounds have, so that what is left is a power of d log T:
///   score       ||s|| sqrt(1-abar)                                   (T2)
///   trace       tr Cov(Z | x)                                        (T3)
///   derivative_k  ||(d/dtau)^k [s/(1-tau)^{3/2}]|| / (tau^{-1/2-k} (1-tau)^{-3/2-k})   (T7)
///   curvature   ||D^3 log p|| (1-abar)^{3/2}                         (T8)
enum class PointQuantity { score, trace, derivative_0, derivative_1, derivative_2, curvature };

/// A member of a family of laws, as the evaluators of family T take it: a finite scale mixture (a
/// centred Gaussian block is one of one scale) or independent coordinates.
using PointLaw = std::variant<ScaleMixtureLaw, ProductLaw>;

/// Where points are looked at: levels t of li-cai:c0=2,c1=9 with `steps` levels.
struct PointLevels {
  long steps = 0;
  std::vector<long> t;
  Ball theta = Ball(2);  ///< x is typical when -log p_t(x) <= theta d log T
};

/// The supremum over the levels and their typical points: an enclosure. Throws as supremum().
Quantity at_worst_point(PointQuantity quantity, const PointLaw& law, const PointLevels& levels);

/// The largest over the levels of sqrt(E f(X_t)^2), of the trace E f(X_t): by the trapezoidal rule
/// for each component, with two steps. Computed. Throws EngineRefusal where f of independent
/// coordinates is no sum over them.
Quantity in_expectation(PointQuantity quantity, const PointLaw& law, const PointLevels& levels);

}  // namespace lemmabench
