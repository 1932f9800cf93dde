#pragma once

#include <memory>

#include "cases/target.hpp"
#include "theory/process/vector_law.hpp"

namespace lemmabench {

/// The largest dimension of a target that is sampled as vectors.
inline constexpr long kMaxVectorDim = 4096;

/// The target as a law of vectors: exact samples and the exact score at every level. Reads the data
/// of a cloud. Throws EngineRefusal for a target of more than kMaxVectorDim dimensions, InputError
/// for data that cannot be read.
std::shared_ptr<const VectorLaw> vector_law(const Target& target);

}  // namespace lemmabench
