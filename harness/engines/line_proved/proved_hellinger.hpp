#pragma once

#include "harness/engines/line_proved/rounded_law.hpp"
#include "numerics/ball.hpp"
#include "numerics/jet.hpp"

namespace lemmabench {

/// int_{-r}^{r} f(s) ds, enclosed, from the Taylor coefficients of f at 0 up to order n (`centre`)
/// and on all of [-r, r] up to order n + 1 (`around`).
Ball series_integral(const Jet<Ball>& centre, const Jet<Ball>& around, const Ball& r);

/// sqrt of an enclosure of a number >= 0, which may hold smaller ones.
Ball root_of_square(const Ball& square);

/// The Hellinger distance, H^2 = 1 - int sqrt(p q), of the two laws that these stand for
/// (docs/proved.md, P19): that of the finite mixtures on panels of their Taylor polynomials, and
/// sqrt(defect/2) for each. Cost: 0.3 us a panel and component in reach and 20 us a panel; some 20
/// panels for every deviation in the range of the laws. Throws NumericalFailure for more than
/// 2'000'000 of them.
Ball proved_hellinger(const RoundedLaw& p, const RoundedLaw& q);

}  // namespace lemmabench
