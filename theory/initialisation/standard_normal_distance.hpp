#pragma once

#include "theory/mixture/ball_mixture.hpp"
#include "theory/radial/ball_scale_mixture.hpp"
#include "theory/radial/student_radius.hpp"

/// How far the noisiest level is from N(0, I): proved divergences of marginals X_t from the
/// standard normal law phi, also when they are tiny (claims I1 and I2 of theory.md section 6).
namespace lemmabench {

/// KL(p || phi) of a mixture on the line, to 10^-digits absolute: int p log(p/phi).
/// Cost: 5 to 20 ms at 25 digits. The working precision must exceed the digits by some 20 bits;
/// throws NumericalFailure otherwise.
Ball kl_to_standard_normal(const BallMixture<>& mixture, long digits);

/// KL(p || N(0, I)) of a finite scale mixture in R^d, d >= 1, to 10^-digits d absolute, by an
/// integral over the radius. Cost: 5 to 30 ms at 25 digits, whatever d is. Throws as above.
Ball kl_to_standard_normal(const BallScaleMixture<>& mixture, long digits);

/// TV(p, phi) = (1/2) sum_i |D(x_{i+1}) - D(x_i)|, D the difference of the distribution functions
/// and x_i the zeros of log(p/phi), found by bisection and the interval Newton method. To about
/// 1e-42 or half the working precision in absolute terms. Cost: 0.5 ms; where p is close to phi in
/// all of its first moments, or is phi, up to 4000 pieces of the line are looked at, 0.3 s, and the
/// result covers what the rest may add.
Ball tv_to_standard_normal(const BallMixture<>& mixture);

/// An enclosure of KL(p || N(0, I)) of a Student marginal, d >= 1. Above by convexity,
/// (d/2) E[s - 1 - log s] (StudentMarginal::mean_scale_divergence). Below by data processing: with
/// the radii cut at r_1 < ... < r_n, each bin contributes P log(P/Q) - P + Q >= 0, and the bins
/// beyond r_1, where P exceeds Q by far, are kept. Both ends decay like abar^{nu/2} up to powers of
/// log(1/abar), for 2 < nu < 4. `digits` as in mean_scale_divergence, absolute. Cost: n = 6
/// tail probabilities, 20 to 50 ms. For nu <= 2 the upper end is infinite.
Ball kl_to_standard_normal(const StudentMarginal& marginal, long digits);

}  // namespace lemmabench
