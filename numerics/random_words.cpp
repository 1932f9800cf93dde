#include "numerics/random_words.hpp"

#include <Random123/philox.h>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace lemmabench {
namespace {

void words_one_by_one(const RandomKey& key, std::uint64_t first, std::uint64_t block,
                      std::size_t blocks, LaneBits* words) {
  for (std::size_t j = 0; j < blocks; ++j) {
    for (std::size_t l = 0; l < kLanes; ++l) {
      const auto one = random_block(key, first + l, block + j);
      for (std::size_t i = 0; i < 4; ++i) {
        words[4 * j + i][l] = static_cast<long long>(one[i]);
      }
    }
  }
}

#if defined(__x86_64__)

using Words = unsigned long long __attribute__((vector_size(64)));

/// Eight products of the lower 32 bits.
[[gnu::always_inline, gnu::target("avx512f")]] inline void half_product(const Words& a,
                                                                        const Words& b,
                                                                        Words& out) {
  out = (Words)_mm512_maskz_mul_epu32(0xff, (__m512i)a, (__m512i)b);
}

/// The two halves of eight products of 64 bits, by school's method in digits of 32 bits: no sum
/// exceeds 64.
[[gnu::always_inline, gnu::target("avx512f")]] inline void multiply(const Words& a,
                                                                    std::uint64_t factor,
                                                                    Words& high, Words& low) {
  const Words b = Words{} + factor;
  const Words a_high = a >> 32;
  const Words b_high = b >> 32;
  Words lows;
  Words cross;
  Words other;
  Words highs;
  half_product(a, b, lows);
  half_product(a_high, b, cross);
  half_product(a, b_high, other);
  half_product(a_high, b_high, highs);
  const Words t = cross + (lows >> 32);
  const Words u = other + (t & 0xffffffffULL);
  high = highs + (t >> 32) + (u >> 32);
  low = (u << 32) | (lows & 0xffffffffULL);
}

/// n blocks side by side: one alone would wait for its own products.
template <std::size_t n>
[[gnu::always_inline, gnu::target("avx512f")]] inline void some_words(const RandomKey& key,
                                                                      std::uint64_t first,
                                                                      std::uint64_t block,
                                                                      LaneBits* words) {
  Words c[n][4];
  for (std::size_t j = 0; j < n; ++j) {
    c[j][0] = Words{0, 1, 2, 3, 4, 5, 6, 7} + first;
    c[j][1] = Words{} + key.step;
    c[j][2] = Words{} + (block + j);
    c[j][3] = Words{} + key.stream;
  }
  std::uint64_t k0 = key.seed;
  std::uint64_t k1 = 0;
  for (int round = 0; round < philox4x64_rounds; ++round) {
    for (std::size_t j = 0; j < n; ++j) {
      Words high[2];
      Words low[2];
      multiply(c[j][0], PHILOX_M4x64_0, high[0], low[0]);
      multiply(c[j][2], PHILOX_M4x64_1, high[1], low[1]);
      c[j][0] = high[1] ^ c[j][1] ^ k0;
      c[j][1] = low[1];
      c[j][2] = high[0] ^ c[j][3] ^ k1;
      c[j][3] = low[0];
    }
    k0 += PHILOX_W64_0;
    k1 += PHILOX_W64_1;
  }
  for (std::size_t j = 0; j < n; ++j) {
    for (std::size_t i = 0; i < 4; ++i) {
      words[4 * j + i] = (LaneBits)c[j][i];
    }
  }
}

[[gnu::target("avx512f")]] void words_at_once(const RandomKey& key, std::uint64_t first,
                                              std::uint64_t block, std::size_t blocks,
                                              LaneBits* words) {
  constexpr std::size_t kTogether = 4;
  std::size_t j = 0;
  for (; j + kTogether <= blocks; j += kTogether) {
    some_words<kTogether>(key, first, block + j, words + 4 * j);
  }
  for (; j < blocks; ++j) {
    some_words<1>(key, first, block + j, words + 4 * j);
  }
}

#endif

}  // namespace

void random_words(const RandomKey& key, std::uint64_t first, std::uint64_t block,
                  std::size_t blocks, LaneBits* words) {
#if defined(__x86_64__)
  static const auto best = __builtin_cpu_supports("avx512f") ? words_at_once : words_one_by_one;
  best(key, first, block, blocks, words);
#else
  words_one_by_one(key, first, block, blocks, words);
#endif
}

}  // namespace lemmabench
