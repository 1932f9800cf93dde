#pragma once

#include <array>
#include <cstddef>

#include "numerics/lanes.hpp"

/// The loops behind SmoothedMixture, compiled once for each vector unit.
namespace lemmabench {

/// Groups of points against a range of components. With precisions_stride 0 all components and
/// coordinates share one precision.
struct MixtureBatch {
  std::size_t dim = 0;
  std::size_t components = 0;
  std::size_t groups = 0;
  const double* means = nullptr;        ///< components rows of dim
  const double* precisions = nullptr;   ///< the same, or one
  std::size_t precisions_stride = 0;    ///< dim, or 0
  const double* log_factors = nullptr;  ///< components
  /// With shared precisions only: |m_k|^2/2. Distances are then taken by products m.x, which are
  /// three times as fast; means and points have a common centre taken off, and the logits lack
  /// -precision |x|^2/2, which shares do not depend on.
  const double* half_squares = nullptr;
  const Lanes* points = nullptr;  ///< [group][dim]
};

/// The components of eight samples.
struct MixtureRows {
  std::array<const double*, kLanes> means{};      ///< rows of dim
  std::array<const double*, kLanes> variances{};  ///< rows of dim, or one number each
};

/// points[i] = mean_i + sqrt(variance_i + tau) points[i] of one group.
void mixture_place(const MixtureRows& rows, bool shared, double tau, std::size_t dim,
                   Lanes* points);

/// logits[g components + k] = log_factor_k - sum_i precision_ki (m_ki - x_i)^2/2.
void mixture_logits(const MixtureBatch& batch, Lanes* logits);

/// Turns each group's logits into shares that sum to 1; before, their exponentials summed to
/// total[g] exp(largest[g]).
void mixture_shares(const MixtureBatch& batch, Lanes* logits, Lanes* largest, Lanes* total);

/// out[g dim + i] = sum_k share_k precision_ki (m_ki - x_i).
void mixture_pull(const MixtureBatch& batch, const Lanes* shares, Lanes* out);

}  // namespace lemmabench
