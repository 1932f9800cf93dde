#pragma once

#include "numerics/rational.hpp"

namespace lemmabench {

/// Multivariate Student-t with nu degrees of freedom in R^d: X_0 = sqrt(W) G,
/// W ~ InvGamma(nu/2, nu/2), G ~ N(0, I). E||X_0||^2 = d nu/(nu-2) for nu > 2, else infinite.
struct StudentLaw {
  long dim = 1;
  Rational nu;
};

}  // namespace lemmabench
