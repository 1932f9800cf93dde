#pragma once

#include "numerics/ball.hpp"
#include "numerics/scalar.hpp"

namespace lemmabench {

/// A finite double as the number that it is, in any scalar.
template <class Real>
Real exact_number(double x) {
  if constexpr (is_ball<Real>) {
    return Ball::exactly(x);
  } else {
    return Real(x);
  }
}

}  // namespace lemmabench
