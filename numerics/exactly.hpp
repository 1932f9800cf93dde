#pragma once

#include "numerics/jet.hpp"
#include "numerics/scalar.hpp"

namespace lemmabench {

/// True where x is the number 0 and nothing else: a ball of radius 0. False for series, which are
/// not looked into.
template <class Real>
bool is_exactly_zero(const Real& x) {
  if constexpr (is_ball<Real>) {
    return arb_is_zero(x.raw()) != 0;
  } else if constexpr (is_jet<Real>) {
    return false;
  } else {
    return x == 0;
  }
}

/// The same of the number 1.
template <class Real>
bool is_exactly_one(const Real& x) {
  if constexpr (is_ball<Real>) {
    return arb_is_one(x.raw()) != 0;
  } else if constexpr (is_jet<Real>) {
    return false;
  } else {
    return x == 1;
  }
}

}  // namespace lemmabench
