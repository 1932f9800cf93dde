#pragma once

#include <cstddef>
#include <cstdint>

#include "theory/process/vector_law.hpp"

/// Scores, densities and draws of a law at rows of doubles, for callers in other languages (the C
/// library, the Python package).
namespace lemmabench {

/// X = signal (X_0 + sqrt(tau) Z): signal 1 and tau sigma^2 for X_0 + sigma Z, signal sqrt(abar)
/// and tau (1-abar)/abar for the variance-preserving process at abar.
struct RowLevel {
  double signal = 1;
  double tau = 0;
};

/// `count` points, one after the other, of `dim` numbers each.
struct Rows {
  const double* values;
  std::size_t count;
  std::size_t dim;
};

/// The functions below take the marginal at the level's tau, and write one number (log density) or
/// one row (the others) a point; out may not be the points. A point's result does not depend on the
/// others. Throw InputError for a number that is not finite.

/// grad log p of X at the points.
void score_rows(const VectorMarginal& at, double signal, const Rows& points, double* out);
/// log p of X at the points.
void log_density_rows(const VectorMarginal& at, double signal, const Rows& points, double* out);
/// E[X_0 | X = x] = y + tau score(y), y = x/signal (Tweedie). Rounding: about 1e-16 |y|, which at
/// large tau is more than 1e-16 of the result.
void denoise_rows(const VectorMarginal& at, double signal, const Rows& points, double* out);

/// Exact independent draws 0..count-1 of X: `count` rows of law.dim() numbers. Draw i of a key is
/// always the same. Draws of one key at two levels are neither independent nor a path.
void sample_rows(const VectorLaw& law, const SampleKeys& keys, const RowLevel& level,
                 std::size_t count, double* out);

}  // namespace lemmabench
