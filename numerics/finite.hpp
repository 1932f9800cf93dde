#pragma once

#include <cmath>

#include "numerics/jet.hpp"
#include "numerics/scalar.hpp"

namespace lemmabench {

/// False for NaN and infinity, and for a ball of infinite radius; true for series, which are not
/// looked into.
template <class Real>
bool is_finite(const Real& x) {
  if constexpr (is_ball<Real>) {
    return x.finite();
  } else if constexpr (is_jet<Real>) {
    return true;
  } else {
    using std::isfinite;
    return isfinite(x);
  }
}

}  // namespace lemmabench
