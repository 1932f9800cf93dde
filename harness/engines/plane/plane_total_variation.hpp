#pragma once

#include <vector>

#include "harness/engines/plane/plane_grid.hpp"
#include "theory/gaussian/gaussian_total_variation.hpp"

namespace lemmabench {

/// Two densities in the plane, p = base * reference and q = (base + change) * reference.
struct PlanePair {
  PlaneGrid grid;
  PlaneMixture reference;
  std::vector<double> base;  ///< empty: 1 everywhere
  std::vector<double> change;
};

/// TV between p(x) N(g; 0, w I_m) and q(x) N(g; 0, v I_m), e = v/w - 1, m >= 0 (m = 0: none): the
/// trapezoid rule for isotropic_excess.hpp on grids halved until the value stands, or
/// settings.refinements times. For m = 0 or e = 0 the integrand is |q - p|/2, which is split where
/// it changes sign along x. What is left of the kinks falls like h^{5/2} (from lines that touch a
/// curve of kinks; h^2 if it is parallel to x); the error is the last change. Cost: the grid's
/// points times 4^halvings, 10 ns each, and about 1 us with e.
Estimate<double> plane_total_variation(const PlanePair& pair, double e, long m,
                                       const PlaneSettings& settings);

}  // namespace lemmabench
