#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <utility>
#include <vector>

#include "numerics/random_normals.hpp"

namespace lemmabench {

/// Streams of random numbers that no VectorLaw takes (theory/process/vector_law.hpp), and the steps
/// of the judge's draws, apart from every schedule's.
enum class JudgeStream : std::uint64_t { shuffle = 8, direction = 9, inversion = 10 };
enum class JudgeDraw : std::uint64_t {
  reference = std::uint64_t{1} << 40,
  bandwidth,
  subsample,
  event,
  blocks,
  pairs,
  direction
};

/// `chosen` of 0..count-1 at random, each subset equally likely up to the bias of 52-bit uniform
/// numbers (Fisher and Yates). The same for the same (seed, step, which).
inline std::vector<std::size_t> random_subset(std::size_t count, std::size_t chosen,
                                              std::uint64_t seed, JudgeDraw step,
                                              std::uint64_t which) {
  std::vector<std::size_t> out(count);
  std::iota(out.begin(), out.end(), std::size_t{0});
  const RandomKey key{.seed = seed,
                      .stream = static_cast<std::uint64_t>(JudgeStream::shuffle),
                      .step = static_cast<std::uint64_t>(step)};
  for (std::size_t i = 0; i < chosen; ++i) {
    const double u = random_uniform(key, which * count + i);
    const auto rest = static_cast<double>(count - i);
    std::swap(out[i], out[i + std::min(static_cast<std::size_t>(u * rest), count - i - 1)]);
  }
  out.resize(chosen);
  return out;
}

}  // namespace lemmabench
