#pragma once

#include <cassert>
#include <cstddef>
#include <utility>
#include <vector>

namespace lemmabench {

/// Affine functions of the state Y a kernel started from and of the independent standard Gaussians
/// Z_k drawn since, one for each block of coordinates that share a variance:
///   slope[i] Y + offset[i] + sum_k noise[k][i] Z_k.
/// Closed under +, - and scaling, which is all that a sampler with an affine score does to its
/// state. An empty offset or noise[k] is zero, and costs nothing.
template <class Real>
struct AffineForm {
  using Column = std::vector<Real>;

  Column slope;
  Column offset;
  std::vector<Column> noise;

  std::size_t blocks() const { return slope.size(); }

  friend AffineForm operator+(AffineForm a, const AffineForm& b) {
    return combine(std::move(a), b, [](Real& x, const Real& y) { x += y; });
  }
  /// Takes over the storage of a temporary right operand.
  friend AffineForm operator+(const AffineForm& a, AffineForm&& b) {
    return combine(std::move(b), a, [](Real& x, const Real& y) { x += y; });
  }
  friend AffineForm operator-(AffineForm a, const AffineForm& b) {
    return combine(std::move(a), b, [](Real& x, const Real& y) { x -= y; });
  }
  friend AffineForm operator*(const Real& factor, const AffineForm& a) {
    AffineForm out;
    out.slope = scaled(factor, a.slope);
    out.offset = scaled(factor, a.offset);
    for (const Column& column : a.noise) {
      out.noise.push_back(scaled(factor, column));
    }
    return out;
  }
  friend AffineForm operator*(const Real& factor, AffineForm&& a) {
    a.for_each([&](Real& x) { x *= factor; });
    return std::move(a);
  }
  /// One division for all blocks.
  friend AffineForm operator/(AffineForm a, const Real& divisor) {
    return Real(1 / divisor) * std::move(a);
  }
  /// The same constant added to every offset.
  friend AffineForm operator+(AffineForm a, const Real& constant) {
    a.offset.resize(a.blocks(), Real(0));
    for (Real& x : a.offset) {
      x += constant;
    }
    return a;
  }

 private:
  template <class Update>
  void for_each(Update update) {
    for (Real& x : slope) {
      update(x);
    }
    for (Real& x : offset) {
      update(x);
    }
    for (Column& column : noise) {
      for (Real& x : column) {
        update(x);
      }
    }
  }

  static Column scaled(const Real& factor, const Column& a) {
    Column out;
    out.reserve(a.size());
    for (const Real& x : a) {
      out.push_back(factor * x);
    }
    return out;
  }

  /// a op= b, where an empty column is zero.
  template <class Update>
  static void merge(Column& a, const Column& b, std::size_t blocks, Update update) {
    if (b.empty()) {
      return;
    }
    a.resize(blocks, Real(0));
    for (std::size_t i = 0; i < blocks; ++i) {
      update(a[i], b[i]);
    }
  }

  template <class Update>
  static AffineForm combine(AffineForm a, const AffineForm& b, Update update) {
    assert(a.blocks() == b.blocks());
    merge(a.slope, b.slope, a.blocks(), update);
    merge(a.offset, b.offset, a.blocks(), update);
    if (a.noise.size() < b.noise.size()) {
      a.noise.resize(b.noise.size());
    }
    for (std::size_t k = 0; k < b.noise.size(); ++k) {
      merge(a.noise[k], b.noise[k], a.blocks(), update);
    }
    return a;
  }
};

}  // namespace lemmabench
