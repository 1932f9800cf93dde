#include "theory/typical_mass.hpp"

#include "numerics/rational.hpp"

namespace lemmabench {

Ball typical_mass_bound(const Ball& second_moment, long dim, const Rational& theta, long steps,
                        const Rational& moment) {
  const Ball half = Ball(Rational(dim, 2));
  const Ball volume = exp(half * log(Ball::pi()) - lgamma(half + 1));
  const Rational power = moment * Rational(dim, dim + 2) * theta;
  return (second_moment + volume) * exp(-Ball(power) * log(Ball(steps)));
}

Ball mass_outside_typical(const StudentMarginal& marginal, const Ball& bound) {
  const Ball radius = marginal.typical_radius(bound);
  return Ball::hull(marginal.tail(radius.magnitude_lower(), 5),
                    marginal.tail(radius.magnitude_upper(), 5));
}

}  // namespace lemmabench
