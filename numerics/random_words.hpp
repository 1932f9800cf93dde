#pragma once

#include <cstddef>
#include <cstdint>

#include "numerics/lanes.hpp"
#include "numerics/random_normals.hpp"

namespace lemmabench {

/// Lane l of words[4 j + i] is word i of random_block(key, first + l, block + j), j < blocks.
/// With AVX-512 eight samples go through Philox at once, about 1 ns a word; else one by one.
void random_words(const RandomKey& key, std::uint64_t first, std::uint64_t block,
                  std::size_t blocks, LaneBits* words);

}  // namespace lemmabench
