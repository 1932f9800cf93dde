#pragma once

#include "numerics/legendre.hpp"

namespace lemmabench {

/// Gauss-Hermite for the standard Gaussian: sum_k w_k f(z_k) = E f(Z) for polynomials of degree
/// < 2 order; weights sum to 1. The smallest weights keep full relative accuracy, because they are
/// sums of squares: w_k = 1/sum_{n < order} h_n(z_k)^2 with h_n the orthonormal polynomials.
/// `order` 1 to 128, else InputError. Cost O(order^3).
/// Source: W. Gautschi, Orthogonal Polynomials (2004), section 1.4.
template <class Real>
QuadratureRule<Real> gauss_hermite(int order);

#define LEMMABENCH_EXTERN(Real) extern template QuadratureRule<Real> gauss_hermite<Real>(int);
LEMMABENCH_FOR_EACH_COMMON_FLOAT(LEMMABENCH_EXTERN)
#undef LEMMABENCH_EXTERN

}  // namespace lemmabench
