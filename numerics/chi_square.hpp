#pragma once

#include "numerics/ball.hpp"

namespace lemmabench {

/// P_d(x) = P(chi2_d <= x) = gamma(d/2, x/2)/Gamma(d/2), enclosed, for d >= 1 and x >= 0.
///
/// For x <= d by the series e^{-y} y^k sum_j y^j/Gamma(k+j+1), k = d/2, y = x/2 (DLMF 8.7.1), whose
/// terms are positive, so that the accuracy is relative however small the result is (Arb's own
/// incomplete gamma function loses everything at d = 4096, x = d/2); above, 1 - Q_d(x).
/// P_d is increasing: an inexact x costs two evaluations, and the radius of x widens the result by
/// no more than it must. Cost at 300 bits and d = 4096: 0.3 ms; about sqrt(bits d) terms.
/// Throws InputError when d < 1 and NumericalFailure when x is not certainly >= 0.
Ball chi_square_lower(const Ball& x, long d);

/// Q_d(x) = P(chi2_d > x) = Gamma(d/2, x/2)/Gamma(d/2), by Arb's incomplete gamma function at a
/// precision raised up to 16-fold until the result is relatively accurate. Otherwise as above.
Ball chi_square_upper(const Ball& x, long d);

}  // namespace lemmabench
