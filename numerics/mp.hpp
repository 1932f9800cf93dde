#pragma once

#include <boost/multiprecision/mpfr.hpp>
#include <string>

#include "numerics/ball.hpp"

/// Every scalar, for the source files that instantiate templates over it (numerics/scalar.hpp).
#define LEMMABENCH_FOR_EACH_FLOAT(apply) \
  apply(double) apply(::lemmabench::Mp40) apply(::lemmabench::Mp80)
#define LEMMABENCH_FOR_EACH_SCALAR(apply) LEMMABENCH_FOR_EACH_FLOAT(apply) apply(::lemmabench::Ball)

namespace lemmabench {

/// A real number of `digits` decimal digits (MPFR, round to nearest, no error bound): the
/// independent second computation that enclosures are compared with, and the scalar of the
/// high-precision line law. Fixed digits, because MPFR's default precision is a mutable per-thread
/// global; expression templates off, because they dangle with `auto`.
template <unsigned digits>
using Mp = boost::multiprecision::number<
    boost::multiprecision::mpfr_float_backend<digits, boost::multiprecision::allocate_stack>,
    boost::multiprecision::et_off>;

/// The two instantiated precisions.
using Mp40 = Mp<40>;
using Mp80 = Mp<80>;

}  // namespace lemmabench
