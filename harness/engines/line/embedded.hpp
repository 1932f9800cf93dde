#pragma once

#include "numerics/mp.hpp"
#include "numerics/panels.hpp"

namespace lemmabench {

/// The same function on a line that contains its own, so that two laws that spread differently can
/// be compared panel by panel. Values and nodes do not change.
template <class Real>
PanelFunction<Real> embedded(const PanelFunction<Real>& f, const DyadicLine& line);

/// (1/2) int |f - g| of one channel each, whatever lines they live on.
template <class Real>
Real law_variation(const PanelFunction<Real>& f, const PanelFunction<Real>& g);

#define LEMMABENCH_EXTERN(Real)                                                  \
  extern template PanelFunction<Real> embedded<Real>(const PanelFunction<Real>&, \
                                                     const DyadicLine&);         \
  extern template Real law_variation<Real>(const PanelFunction<Real>&, const PanelFunction<Real>&);
LEMMABENCH_FOR_EACH_FLOAT(LEMMABENCH_EXTERN)
#undef LEMMABENCH_EXTERN

}  // namespace lemmabench
