#pragma once

#include <cstddef>
#include <utility>
#include <vector>

#include "numerics/lanes.hpp"
#include "numerics/sampler_misuse.hpp"

namespace lemmabench {

/// Vectors near known ones: scale * base + offset, for a batch of base points that the owner keeps
/// apart. A sampler's step run on the displacement from its starting point gives Psi(x) - x with
/// full relative accuracy, where Psi(x) itself would lose it against x.
///
/// Closed under +, - and scaling. An empty offset is 0; coordinate i of group g of eight points is
/// offset[g dim + i].
struct Displacement {
  double scale = 0;
  std::vector<Lanes> offset;

  friend Displacement operator+(Displacement a, const Displacement& b) {
    a.add(1, b);
    return a;
  }
  /// Without a pass over the offset where only b has one, as in y + b score(y).
  friend Displacement operator+(Displacement a, Displacement&& b) {
    if (a.offset.empty()) {
      b.scale += a.scale;
      return std::move(b);
    }
    a.add(1, b);
    return a;
  }
  friend Displacement operator-(Displacement a, const Displacement& b) {
    a.add(-1, b);
    return a;
  }
  friend Displacement operator*(double factor, Displacement a) {
    a.scale *= factor;
    for (Lanes& x : a.offset) {
      x.v *= factor;
    }
    return a;
  }
  friend Displacement operator/(Displacement a, double divisor) {
    return (1 / divisor) * std::move(a);
  }
  /// The constant vector added to every point; needs an offset, which tells how many there are.
  friend Displacement operator+(Displacement a, double constant) {
    if (a.offset.empty()) {
      throw EngineRefusal(
          "this computation adds a constant to a score or to what is made with one, not to the "
          "state alone");
    }
    for (Lanes& x : a.offset) {
      x.v += constant;
    }
    return a;
  }

 private:
  void add(double sign, const Displacement& b) {
    scale += sign * b.scale;
    if (b.offset.empty()) {
      return;
    }
    if (!offset.empty() && offset.size() != b.offset.size()) {
      throw_foreign_vectors();
    }
    offset.resize(b.offset.size());
    for (std::size_t i = 0; i < offset.size(); ++i) {
      offset[i].v += sign * b.offset[i].v;
    }
  }
};

}  // namespace lemmabench
