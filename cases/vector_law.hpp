#pragma once

#include "cases/target.hpp"
#include "theory/vector_mixture.hpp"

namespace lemmabench {

/// The largest dimension of a target that is sampled as vectors.
inline constexpr long kMaxVectorDim = 4096;

/// The target as a Gaussian mixture in R^d, for what runs on vectors. Throws EngineRefusal for a
/// target that is none, or of more than kMaxVectorDim dimensions.
VectorMixture vector_law(const Target& target);

}  // namespace lemmabench
