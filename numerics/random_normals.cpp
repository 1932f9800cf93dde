#include "numerics/random_normals.hpp"

#include <Random123/philox.h>

#include <algorithm>
#include <cmath>

#include "numerics/random_words.hpp"

namespace lemmabench {
namespace {

/// The upper 52 bits of every word as the middle of their cell: never 0 and never 1.
LEMMABENCH_LANE_FUNCTION void unit_interval(const LaneBits& words, LaneVector& out) {
  // A whole number below 2^52 as a double: its bits under those of 2^52.
  const LaneBits whole = ((words >> 12) & 0x000fffffffffffffLL) | 0x4330000000000000LL;
  out = (((LaneVector)whole - 0x1p52) + 0.5) * 0x1p-52;
}

/// 2 pairs normals from as many words (Box and Muller 1958): sqrt(-2 log u) (cos, sin)(2 pi v).
LEMMABENCH_LANE_FUNCTION void box_muller_body(const LaneBits* words, std::size_t pairs,
                                              Lanes* out) {
  for (std::size_t j = 0; j < 2 * pairs; j += 2) {
    LaneVector u;
    LaneVector v;
    unit_interval(words[j], u);
    unit_interval(words[j + 1], v);
    LaneVector logarithm;
    lane_log(u, logarithm);
    const LaneVector square = -2.0 * logarithm;
    LaneVector radius;
    for (std::size_t l = 0; l < kLanes; ++l) {
      radius[l] = std::sqrt(square[l]);
    }
    LaneVector cosine;
    LaneVector sine;
    lane_cos_sin_turns(v, cosine, sine);
    out[j].v = radius * cosine;
    out[j + 1].v = radius * sine;
  }
}
LEMMABENCH_FOR_EACH_VECTOR_UNIT(box_muller, (const LaneBits* words, std::size_t pairs, Lanes* out),
                                (words, pairs, out))

double unit_interval(std::uint64_t word) {
  return (static_cast<double>(word >> 12) + 0.5) * 0x1p-52;
}

}  // namespace

std::array<std::uint64_t, 4> random_block(const RandomKey& key, std::uint64_t sample,
                                          std::uint64_t block) {
  const philox4x64_ctr_t counter = {{sample, key.step, block, key.stream}};
  const philox4x64_key_t words = {{key.seed, 0}};
  const philox4x64_ctr_t out = philox4x64(counter, words);
  return {out.v[0], out.v[1], out.v[2], out.v[3]};
}

double random_uniform(const RandomKey& key, std::uint64_t sample) {
  return unit_interval(random_block(key, sample, 0)[0]);
}

void random_normals(const RandomKey& key, std::uint64_t first, std::size_t groups, std::size_t dim,
                    Lanes* out) {
  // Words by words and normals by normals: each loop keeps the processor busy by itself.
  constexpr std::size_t kBatch = 64;
  alignas(64) LaneBits words[kBatch];
  Lanes normals[kBatch];
  for (std::size_t g = 0; g < groups; ++g) {
    for (std::size_t i = 0; i < dim; i += kBatch) {
      const std::size_t count = std::min(kBatch, dim - i);
      random_words(key, first + g * kLanes, i / 4, (count + 3) / 4, words);
      box_muller(words, (count + 1) / 2, normals);
      std::copy_n(normals, count, out + g * dim + i);
    }
  }
}

}  // namespace lemmabench
