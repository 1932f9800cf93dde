#pragma once

#include <random>
#include <vector>

#include "theory/gaussian/gaussian_divergences.hpp"

namespace lemmabench {

/// Spectra and mean differences, biased to corners: every scale of e from 1e-40 to 1e3 and towards
/// -1, exact zeros, repeated values, both signs, multiplicities to 4096. Rationals, so that every
/// scalar gets the same numbers.
struct RationalBlock {
  Rational e;
  Rational shift;
  long multiplicity;
};

inline std::vector<RationalBlock> random_blocks(std::mt19937_64& random, bool with_shift) {
  const auto pick = [&](int n) { return static_cast<int>(random() % static_cast<unsigned>(n)); };
  const auto power_of_ten = [](int k) {
    Rational out(1);
    for (int i = 0; i < k; ++i) {
      out = out * Rational(1, 10);
    }
    return out;
  };
  const auto magnitude = [&]() -> Rational {
    const Rational digits(1 + pick(9999), 1000);
    switch (pick(4)) {
      case 0:
        return digits * power_of_ten(pick(41));
      case 1:
        return digits * power_of_ten(2);
      default:
        return digits * power_of_ten(1);
    }
  };
  static const long multiplicities[] = {1, 1, 2, 3, 5, 64, 4096};
  std::vector<RationalBlock> out;
  const int count = 1 + pick(4);
  for (int i = 0; i < count; ++i) {
    Rational e = magnitude();
    if (pick(8) == 0) {
      e = Rational(0);
    } else if (pick(8) == 0) {
      e = e * Rational(1000);
    } else if (pick(2) == 0) {
      e = Rational(0) - e / (e + Rational(1));  // in (-1, 0)
    }
    Rational shift(0);
    if (with_shift && pick(2) == 0) {
      shift = magnitude();
      if (pick(4) == 0) {
        shift = shift * Rational(100);
      }
    }
    out.push_back({e, shift, multiplicities[pick(7)]});
  }
  return out;
}

template <class Real>
std::vector<RelativeBlock<Real>> as(const std::vector<RationalBlock>& blocks) {
  std::vector<RelativeBlock<Real>> out;
  for (const RationalBlock& block : blocks) {
    out.push_back(
        {from_rational<Real>(block.e), from_rational<Real>(block.shift), block.multiplicity});
  }
  return out;
}

inline std::string describe(const std::vector<RationalBlock>& blocks) {
  std::string out;
  for (const RationalBlock& block : blocks) {
    out += "e=" + block.e.text() + " shift=" + block.shift.text() + " x" +
           std::to_string(block.multiplicity) + "; ";
  }
  return out;
}

}  // namespace lemmabench
