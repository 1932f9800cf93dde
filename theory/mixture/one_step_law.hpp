#pragma once

#include <functional>
#include <vector>

#include "numerics/evidence.hpp"
#include "theory/mixture/line_mixture.hpp"

namespace lemmabench {

/// One noisy step on the line run twice from the same X ~ source, with exact and with tampered
/// scores: Y = m(X) + sd Z and Y' = m(X) + shift(X) + sd Z. Both means may depend on a further
/// finite random choice, the copy (nodes of an intermediate noise, or the phase of a shift that
/// oscillates faster than anything else looks).
struct TamperedStep {
  struct Mean {
    double exact = 0;
    double shift = 0;
  };

  LineMixture<double> source;
  double sd = 0;
  /// Probabilities of the copies, summing to 1.
  std::vector<double> weights;
  /// Fills one Mean a copy. Smooth between the cuts.
  std::function<void(double x, Mean* out)> means;
  /// Where `means` jumps or has kinks, ascending.
  std::vector<double> cuts = {};
};

/// TV(Y, Y') = (1/2) int |int p(x) sum_c w_c (N(y; m_c + shift_c, sd^2) - N(y; m_c, sd^2)) dx| dy.
///
/// The two Gaussians are subtracted by expm1, so the relative accuracy does not depend on the size
/// of the shift. Gauss-Legendre in x between the cuts, piecewise polynomials in y, split at the
/// sign changes. Done twice with different rules: computed, error twice the difference. About 1e-9
/// relative. Cost: 10 to 50 ms, most of it exponentials; it grows with the number of cuts.
/// sd > 0 and well below the scale of the source; means within a few sd of monotone.
Quantity tampered_distance(const TamperedStep& step);

}  // namespace lemmabench
