#pragma once

#include <cassert>
#include <cstddef>
#include <utility>
#include <vector>

#include "numerics/sampler_misuse.hpp"

namespace lemmabench {

/// Values at a fixed number of points, in `copies` blocks of `points()` values: block k is the
/// function at all points for the k-th value of an intermediate noise (one block if there is none).
/// Closed under +, - and scaling, elementwise; a batch of one block meets every block of the other.
template <class Real>
struct Batch {
  std::vector<Real> values;
  std::size_t copies = 1;

  std::size_t points() const { return values.size() / copies; }

  friend Batch operator+(Batch a, const Batch& b) {
    return combine(std::move(a), b, [](Real& x, const Real& y) { x += y; });
  }
  friend Batch operator-(Batch a, const Batch& b) {
    return combine(std::move(a), b, [](Real& x, const Real& y) { x -= y; });
  }
  friend Batch operator*(const Real& factor, Batch a) {
    for (Real& x : a.values) {
      x *= factor;
    }
    return a;
  }
  /// One division for all points.
  friend Batch operator/(Batch a, const Real& divisor) { return Real(1 / divisor) * std::move(a); }
  friend Batch operator+(Batch a, const Real& constant) {
    for (Real& x : a.values) {
      x += constant;
    }
    return a;
  }

  /// The same function in `count` blocks. Requires one block now.
  Batch repeated(std::size_t count) const {
    assert(copies == 1);
    Batch out;
    out.copies = count;
    out.values.reserve(values.size() * count);
    for (std::size_t k = 0; k < count; ++k) {
      out.values.insert(out.values.end(), values.begin(), values.end());
    }
    return out;
  }

 private:
  template <class Update>
  static Batch combine(Batch a, const Batch& b, Update update) {
    // Batches of a sampler somebody else wrote: what does not fit must not be read past its end.
    if (a.values.size() * b.copies != b.values.size() * a.copies) {
      throw_foreign_vectors();
    }
    if (a.copies == 1 && b.copies > 1) {
      a = a.repeated(b.copies);
    }
    if (a.copies != b.copies && b.copies != 1) {
      throw_foreign_vectors();
    }
    const std::size_t block = b.values.size();
    for (std::size_t start = 0; start < a.values.size(); start += block) {
      for (std::size_t i = 0; i < block; ++i) {
        update(a.values[start + i], b.values[i]);
      }
    }
    return a;
  }
};

}  // namespace lemmabench
