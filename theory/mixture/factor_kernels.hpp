#pragma once

#include <cstddef>

#include "numerics/lanes.hpp"

/// The loops behind SmoothedFactorMixture, compiled once for each vector unit.
namespace lemmabench {

/// One component and one group of points.
struct FactorTask {
  std::size_t dim = 0;
  std::size_t rank = 0;
  const double* mean = nullptr;
  const double* precision = nullptr;  ///< dim, or one
  std::size_t precision_stride = 0;   ///< 1, or 0
  const double* factors = nullptr;    ///< U(i, j) at [i rank + j]
  const double* triangle = nullptr;   ///< L(i, j) at [i rank + j], M = I + U^T P U = L L^T
  const Lanes* points = nullptr;
};

/// square = g^T P g - |z|^2 with g = m - x, z = L^{-1} U^T P g; weights = L^{-T} z, rank of them.
void factor_square(const FactorTask& task, Lanes* square, Lanes* weights);

/// out += share P (g - U weights), share times the component's score.
void factor_pull(const FactorTask& task, const Lanes& share, const Lanes* weights, Lanes* out);

/// points += U normals by the rows of eight samples: lane l by the factors at rows[l].
void factor_place(std::size_t dim, std::size_t rank, const double* const* rows,
                  const Lanes* normals, Lanes* points);

}  // namespace lemmabench
