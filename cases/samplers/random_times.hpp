#pragma once

#include <fmt/format.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "cases/spec.hpp"
#include "numerics/error.hpp"
#include "numerics/random_normals.hpp"
#include "numerics/scalar.hpp"

namespace lemmabench {

/// The random times of a sampler: uniform numbers by counter, functions of (seed, draw, round,
/// place) alone. Keys of the spec: `seed`, and either `draws` (how many draws of all times a law is
/// averaged over) or `draw` (one of them: the law given these times). A step of a sampler without
/// `draw` takes the times of draw 0.
class RandomTimes {
 public:
  explicit RandomTimes(Spec& spec)
      : one_(spec.has("draw")),
        seed_(spec.integer_or("seed", 0, kMost, 1)),
        draws_(spec.integer_or("draws", 2, 1'000'000, kDraws)),
        draw_(spec.integer_or("draw", 0, kMost, 0)) {
    if (one_ && spec.has("draws")) {
      spec.fail("takes draws=N (an average) or draw=K (one of them), not both");
    }
  }

  /// u = (2k+1)/2^53 in (0, 1), an exact number of every scalar.
  template <class Real>
  Real uniform(long round, long place) const {
    const RandomKey key{static_cast<std::uint64_t>(seed_),
                        kStream + static_cast<std::uint64_t>(draw_),
                        static_cast<std::uint64_t>(round)};
    const std::uint64_t word = random_block(key, static_cast<std::uint64_t>(place), 0)[0];
    const auto k = static_cast<long>(word >> 12U);
    return from_rational<Real>(Rational(2 * k + 1, 1L << 53));
  }

  /// The keys as ",seed=..,draws=.." without the first comma; empty if all are the defaults.
  std::string keys() const {
    std::string out = one_ ? fmt::format("draw={}", draw_) : "";
    const auto add = [&out](std::string_view key, long value, long otherwise) {
      if (value != otherwise) {
        out += fmt::format("{}{}={}", out.empty() ? "" : ",", key, value);
      }
    };
    add("draws", draws_, kDraws);
    add("seed", seed_, 1);
    return out;
  }

  /// What `named` makes of the keys of every draw (Sampler::draws()); none if there is but one.
  template <class Named>
  std::vector<std::string> draws(const Named& named) const {
    std::vector<std::string> out;
    for (long k = 0; k < draws_ && !one_; ++k) {
      out.push_back(named(fmt::format("draw={},seed={}", k, seed_)));
    }
    return out;
  }

 private:
  static constexpr long kDraws = 32;
  static constexpr long kMost = 1'000'000'000'000;
  static constexpr std::uint64_t kStream = std::uint64_t{1} << 62U;

  bool one_;
  long seed_;
  long draws_;
  long draw_;
};

}  // namespace lemmabench
