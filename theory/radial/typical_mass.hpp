#pragma once

#include "numerics/ball.hpp"
#include "theory/radial/student_radius.hpp"

/// How likely X_t is not typical, -log p_t(X_t) > theta d log T (claim T1 of theory.md section 6).
namespace lemmabench {

/// (E||X_t||^2 + V_d) T^{-m theta d/(d+2)} with m = 2 moments by Markov and V_d = pi^{d/2} /
/// Gamma(d/2+1), the volume of the unit ball [D]. Infinite if the second moment is.
Ball typical_mass_bound(const Ball& second_moment, long dim, const Rational& theta, long steps,
                        const Rational& moment = Rational(2));

/// P(-log p_t(X_t) > bound) of a Student marginal, enclosed; five digits and the three of the
/// radius.
Ball mass_outside_typical(const StudentMarginal& marginal, const Ball& bound);

}  // namespace lemmabench
