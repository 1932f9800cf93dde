#pragma once

#include "harness/engines/line_proved/gauss_sum.hpp"
#include "theory/mixture/ball_mixture.hpp"

namespace lemmabench {

/// A law as a GaussSum, and an upper bound of the L1 distance between the two densities.
struct RoundedLaw {
  GaussSum law;
  double defect = 0;
};

/// A mixture with its weights, means and deviations rounded to doubles (docs/proved.md, P2). Cost:
/// a few us a component.
RoundedLaw rounded_law(const BallMixture<>& mixture);

/// N(0, 1), exactly.
RoundedLaw standard_normal();

}  // namespace lemmabench
