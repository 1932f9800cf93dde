#pragma once

#include <type_traits>

#include "numerics/ball.hpp"
#include "numerics/mp.hpp"

namespace lemmabench {

/// The ball of radius 0 at this very double or Mp number, whatever the precision of the thread: how
/// the value of a computation in floats enters a Quantity. The number itself must be finite.
template <class Real>
Ball exact_ball(const Real& x) {
  if constexpr (std::is_same_v<Real, double>) {
    return Ball::exactly(x);
  } else {
    Ball out;
    arf_set_mpfr(arb_midref(out.raw()), x.backend().data());
    return out;
  }
}

}  // namespace lemmabench
