#pragma once

#include <cstddef>

namespace lemmabench {

/// Some sources of a scatter.
struct GaussPairs {
  const double* means;    ///< one a source
  const double* weights;  ///< [channel][source]
  std::size_t sources;
  std::size_t channels;
  double scale;  ///< 1/(sd sqrt(2)) > 0
  double reach;  ///< beyond it a source may count as 0
};

/// out[channel * targets + j] += sum_k weights[channel * sources + k] exp(-((y_j - m_k) scale)^2)
/// for `targets` ascending points y_j, pair by pair in double: eight targets at a time, so that
/// every target goes through the same operations in the same order, whatever the vector unit.
/// A pair costs some 30 operations in one of eight lanes. All terms of a positive channel are
/// positive: relative error a few eps, and 2 eps of an exponent z^2.
void add_gauss_pairs(const GaussPairs& pairs, const double* points, std::size_t targets,
                     double* out);

}  // namespace lemmabench
