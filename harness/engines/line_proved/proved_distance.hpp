#pragma once

#include <vector>

#include "harness/engines/line_proved/gauss_sum.hpp"
#include "harness/engines/line_proved/rounded_law.hpp"
#include "numerics/ball.hpp"

namespace lemmabench {

/// A stretch on which p - q has one sign, or (sign 0) at most `most` of int |p - q|.
struct SignStretch {
  double low = 0;
  double high = 0;
  int sign = 0;
  double most = 0;
};

/// (1/2) int |p - q| of two finite Gaussian mixtures with exact doubles, enclosed.
struct ProvedDistance {
  Ball total_variation;
  Ball on_set;                ///< (p - q)(A), A the set where p > q was decided
  std::vector<double> edges;  ///< the boundary of A, ascending
  long panels = 0;            ///< on which the sign of p - q was decided
  double unknown = 0;         ///< at most this much of int |p - q| lies where the sign is not known
  std::vector<SignStretch> stretches;  ///< ascending, for a certificate
};

/// Panels on which the Taylor polynomial of p - q with its remainder and rounding excludes 0 have a
/// known sign; the others are halved until what they hold is below `tolerance` in all, or rounding
/// alone hides it (about 1e-13 of p + q). Where the
/// sign is known the integral is a difference of distribution functions, in balls (docs/proved.md,
/// P9 and P10). Cost: about 0.3 us a panel and component in reach, 2 us a component for each change
/// of sign. Throws NumericalFailure if more than `most_panels` would be needed.
ProvedDistance proved_total_variation(const GaussSum& p, const GaussSum& q, double tolerance,
                                      long most_panels = 40'000'000);

/// TV of the two laws that these stand for.
Ball total_variation_of(const RoundedLaw& p, const RoundedLaw& q, double tolerance);

/// An upper bound of int |p - q|(x) P(|N(0, variance)| >= dist(x, edges) - drift) dx. Cost: that of
/// the panels within 12 deviations of the edges.
double crossing_bound(const GaussSum& p, const GaussSum& q, const std::vector<double>& edges,
                      double drift, double variance);

}  // namespace lemmabench
