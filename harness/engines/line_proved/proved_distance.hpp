#pragma once

#include "harness/engines/line_proved/gauss_sum.hpp"
#include "numerics/ball.hpp"

namespace lemmabench {

/// (1/2) int |p - q| of two finite Gaussian mixtures with exact doubles, enclosed.
struct ProvedDistance {
  Ball total_variation;
  long panels = 0;     ///< on which the sign of p - q was decided
  double unknown = 0;  ///< at most this much of int |p - q| lies where the sign is not known
};

/// Panels on which the Taylor polynomial of p - q with its remainder and rounding excludes 0 have a
/// known sign; the others are halved until what they hold is below `tolerance` in all. Where the
/// sign is known the integral is a difference of distribution functions, in balls (docs/proved.md,
/// P9 and P10). Cost: about 0.3 us a panel and component in reach, 2 us a component for each change
/// of sign. Throws NumericalFailure if more than `most_panels` would be needed.
ProvedDistance proved_total_variation(const GaussSum& p, const GaussSum& q, double tolerance,
                                      long most_panels = 40'000'000);

}  // namespace lemmabench
