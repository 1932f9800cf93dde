#include "harness/studies/selftest/dice.hpp"

#include <fmt/format.h>

#include "numerics/random_normals.hpp"

namespace lemmabench {
namespace {

constexpr std::uint64_t kStream = 0x73656c6674657374;  // "selftest"

}  // namespace

std::uint64_t Dice::word() {
  const RandomKey key{.seed = seed_, .stream = kStream, .step = 0};
  return random_block(key, question_, drawn_++)[0];
}

long Dice::between(long low, long high) {
  // The bias of the remainder is below 2^-40 for the small ranges asked for here.
  const auto width = static_cast<std::uint64_t>(high - low) + 1;
  return low + static_cast<long>(word() % width);
}

Rational Dice::magnitude(long low, long high) {
  const long exponent = between(low, high);
  return Rational::parse(fmt::format("{}e{}", between(100, 999), exponent - 2), "dice");
}

Rational Dice::signed_magnitude(long low, long high) {
  const Rational size = magnitude(low, high);
  return chance(50) ? size : Rational(0) - size;
}

Rational Dice::within(const Rational& low, const Rational& high) {
  return low + (high - low) * Rational(between(0, 1000), 1000);
}

}  // namespace lemmabench
