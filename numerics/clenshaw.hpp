#pragma once

#include <cstddef>

namespace lemmabench {

/// A sum of orthogonal polynomials, sum_{n < order} coefficients[n] P_n, whose recurrence is
/// P_{n+1}(x) = up[n] x P_n(x) - down[n-1] P_{n-1}(x), P_0 = 1, P_1(x) = up[0] x.
struct ClenshawSeries {
  const double* coefficients;
  const double* up;
  const double* down;
  std::size_t order;
};

/// out[i] = the sum at points[i], by Clenshaw's recurrence from the highest n down: 5 operations a
/// point and n, on as many points at once as the processor's vector unit takes. Every point goes
/// through the same IEEE operations in the same order, whatever the unit and whatever its place
/// among the points.
/// Source: Press et al., Numerical Recipes (3rd ed.), section 5.4.2.
void clenshaw(const ClenshawSeries& series, const double* points, std::size_t count, double* out);

}  // namespace lemmabench
