#include "numerics/random_words.hpp"

#include <doctest/doctest.h>

namespace lemmabench {
namespace {

// Random123's scalar Philox is the oracle; with carries in every half of the products.
TEST_CASE("random words of eight samples at once are those of each") {
  constexpr std::size_t kBlocks = 5;
  for (std::uint64_t n = 0; n < 200; ++n) {
    const std::uint64_t big = n * 0x9E3779B97F4A7C15U;
    const RandomKey key{big ^ (n << 40U), ~big, big >> 7U};
    const std::uint64_t first = n % 2 == 0 ? 8 * n : ~std::uint64_t{0} - n;
    alignas(64) LaneBits words[4 * kBlocks];
    random_words(key, first, n, kBlocks, words);
    bool same = true;
    for (std::size_t j = 0; j < kBlocks; ++j) {
      for (std::size_t l = 0; l < kLanes; ++l) {
        const auto block = random_block(key, first + l, n + j);
        for (std::size_t i = 0; i < 4; ++i) {
          same = same && static_cast<std::uint64_t>(words[4 * j + i][l]) == block[i];
        }
      }
    }
    CHECK(same);
  }
}

}  // namespace
}  // namespace lemmabench
