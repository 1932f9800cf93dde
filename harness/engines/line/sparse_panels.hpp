#pragma once

#include <cstddef>
#include <vector>

#include "numerics/mp.hpp"
#include "numerics/panels.hpp"
#include "theory/mixture/line_mixture.hpp"

namespace lemmabench {

/// The panels of a law whose nodes may step over a component of p, ascending: those of a mass above
/// `tolerance` in which two neighbouring points y, the images of neighbouring nodes at which a
/// score of p is asked for, are farther apart than a component's deviation while the component, out
/// to six of its deviations, meets what lies between. A map that a score has part in has a bump
/// there that no value at a node shows, so that polynomials through the nodes look right.
///
/// `y` has a value a node of `law`, panel by panel. Cost: the nodes, and the components for every
/// panel whose points are farther apart than the narrowest of them.
template <class Real>
std::vector<std::size_t> sparse_panels(const PanelFunction<Real>& law, const Real* y,
                                       const LineMixture<Real>& p, double tolerance);

#define LEMMABENCH_EXTERN(Real)                                 \
  extern template std::vector<std::size_t> sparse_panels<Real>( \
      const PanelFunction<Real>&, const Real*, const LineMixture<Real>&, double);
LEMMABENCH_FOR_EACH_FLOAT(LEMMABENCH_EXTERN)
#undef LEMMABENCH_EXTERN

}  // namespace lemmabench
