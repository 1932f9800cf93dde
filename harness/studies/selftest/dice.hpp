#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "numerics/rational.hpp"

namespace lemmabench {

/// The random choices of one question: a function of (seed, question) and of nothing else, the same
/// on every machine. Numbers are made of whole numbers and written as decimals, so that what a
/// command says is what was meant.
class Dice {
 public:
  Dice(std::uint64_t seed, std::uint64_t question) : seed_(seed), question_(question) {}

  /// A whole number from `low` to `high`, both included.
  long between(long low, long high);
  /// True `percent` times in a hundred.
  bool chance(int percent) { return between(1, 100) <= percent; }

  template <class Item>
  const Item& one_of(const std::vector<Item>& items) {
    return items[static_cast<std::size_t>(between(0, static_cast<long>(items.size()) - 1))];
  }

  /// A decimal of three significant digits between 10^low and 10^(high+1), the exponent uniform.
  Rational magnitude(long low, long high);
  /// The same with either sign.
  Rational signed_magnitude(long low, long high);
  /// low + k (high-low)/1000 with k uniform in 0..1000.
  Rational within(const Rational& low, const Rational& high);

 private:
  std::uint64_t word();

  std::uint64_t seed_;
  std::uint64_t question_;
  std::uint64_t drawn_ = 0;
};

}  // namespace lemmabench
