#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "numerics/lanes.hpp"

/// Random numbers by counter: every number is a function of the seed and of what it is for, so the
/// outcome is the same on any number of threads and any one of them can be made again alone.
///
/// Philox4x64-10 of Random123 (Salmon, Moraes, Dror, Shaw, SC 2011) with key (seed, 0) and counter
/// (sample, step, block, stream); four numbers a block. Passes BigCrush; period 2^256.
namespace lemmabench {

struct RandomKey {
  std::uint64_t seed = 0;
  std::uint64_t stream = 0;  ///< what the numbers are for
  std::uint64_t step = 0;
};

/// The four words of one block.
std::array<std::uint64_t, 4> random_block(const RandomKey& key, std::uint64_t sample,
                                          std::uint64_t block);

/// (k + 1/2) 2^-52 with k the upper 52 bits of the first word of block 0: never 0, never 1.
double random_uniform(const RandomKey& key, std::uint64_t sample);

/// Standard normals: lane l of out[g dim + i] is coordinate i of sample first + 8 g + l, for
/// g < groups and i < dim. Coordinates 4j..4j+3 come from block j by Box and Muller's transform of
/// such uniforms (|z| <= 8.6; absolute error at most 2e-15). About 3 ns a number with AVX-512, 4
/// without.
void random_normals(const RandomKey& key, std::uint64_t first, std::size_t groups, std::size_t dim,
                    Lanes* out);

}  // namespace lemmabench
