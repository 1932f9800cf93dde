#include "theory/radial/typical_mass.hpp"

#include <cmath>

#include "numerics/error.hpp"
#include "numerics/rational.hpp"

namespace lemmabench {
namespace {

/// [0, P(||X_t|| > r)] for the largest r = e^{k/8} that is certainly typical and has an enclosed
/// tail: for masses too small for relative accuracy.
Ball mass_outside_smaller_ball(const StudentMarginal& marginal, const Ball& bound) {
  for (int k = 160; k > -24; --k) {
    const Ball r = Ball::exactly(std::exp(k / 8.0));
    try {
      if ((log(marginal.density(r, 5)) + bound).positive() == Truth::certainly) {
        return Ball::hull(Ball(0), marginal.tail(r, 5));
      }
    } catch (const NumericalFailure&) {  // too far out
    }
  }
  throw NumericalFailure("typical mass: no ball is certainly typical");
}

}  // namespace

Ball typical_mass_bound(const Ball& second_moment, long dim, const Rational& theta, long steps,
                        const Rational& moment) {
  const Ball half = Ball(Rational(dim, 2));
  const Ball volume = exp(half * log(Ball::pi()) - lgamma(half + 1));
  const Rational power = moment * Rational(dim, dim + 2) * theta;
  return (second_moment + volume) * exp(-Ball(power) * log(Ball(steps)));
}

Ball mass_outside_typical(const StudentMarginal& marginal, const Ball& bound) {
  try {
    const Ball radius = marginal.typical_radius(bound);
    return Ball::hull(marginal.tail(radius.magnitude_lower(), 5),
                      marginal.tail(radius.magnitude_upper(), 5));
  } catch (const NumericalFailure&) {
    return mass_outside_smaller_ball(marginal, bound);
  }
}

}  // namespace lemmabench
