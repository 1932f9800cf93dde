#pragma once

#include <algorithm>
#include <vector>

namespace lemmabench {

/// The dimensions in which a scale mixture is looked at where the power of d is in question, the
/// same scales and weights in each: d, 4d and 16d or, where those exceed 4096, d/16, d/4 and d (of
/// d/16 rounded down); ascending.
inline std::vector<long> dimension_ladder(long dim) {
  constexpr long kMostDimensions = 4096;
  const long least = 16 * dim <= kMostDimensions ? dim : std::max(1L, dim / 16);
  return {least, 4 * least, 16 * least};
}

}  // namespace lemmabench
