#pragma once

#include <cstddef>
#include <utility>
#include <vector>

#include "numerics/sampler_misuse.hpp"

namespace lemmabench {

/// Affine functions of the state Y a kernel started from, of the vectors M_j remembered from
/// earlier steps and of the independent standard Gaussians Z_k drawn since, one for each block of
/// coordinates that share a variance:
///   scale (slope[i] Y + sum_j memory[j][i] M_j + offset[i] + sum_k noise[k][i] Z_k).
/// Closed under +, - and scaling, which is all that a sampler with an affine score does to its
/// state. An empty memory[j], offset or noise[k] is zero and costs nothing, and a factor common to
/// all blocks waits in `scale` until two forms are added.
template <class Real>
struct AffineForm {
  using Column = std::vector<Real>;

  Column slope;
  std::vector<Column> memory;
  Column offset;
  std::vector<Column> noise;
  Real scale{1};
  bool scaled = false;  ///< false: scale is exactly 1

  std::size_t blocks() const { return slope.size(); }

  /// Multiplies the waiting factor out.
  void settle() {
    if (scaled) {
      for_each([this](Real& x) { x *= scale; });
      scale = Real(1);
      scaled = false;
    }
  }

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
  friend AffineForm operator*(const Real& factor, AffineForm a) {
    a.scale *= factor;
    a.scaled = true;
    return a;
  }
  friend AffineForm operator/(AffineForm a, const Real& divisor) {
    a.scale /= divisor;
    a.scaled = true;
    return a;
  }
  /// The same constant added to every offset.
  friend AffineForm operator+(AffineForm a, const Real& constant) {
    a.settle();
    a.offset.resize(a.blocks(), Real(0));
    for (Real& x : a.offset) {
      x += constant;
    }
    return a;
  }

 private:
  template <class Update>
  void for_each(Update update) {
    for (Column* column : {&slope, &offset}) {
      for (Real& x : *column) {
        update(x);
      }
    }
    for (std::vector<Column>* columns : {&memory, &noise}) {
      for (Column& column : *columns) {
        for (Real& x : column) {
          update(x);
        }
      }
    }
  }

  /// a op= b's column with b's factor, where an empty column is zero.
  template <class Update>
  static void merge(Column& a, const Column& b, const AffineForm& form, Update update) {
    if (b.empty()) {
      return;
    }
    a.resize(form.blocks(), Real(0));
    if (a.size() != b.size()) {
      throw_foreign_vectors();
    }
    for (std::size_t i = 0; i < b.size(); ++i) {
      if (form.scaled) {
        update(a[i], form.scale * b[i]);
      } else {
        update(a[i], b[i]);
      }
    }
  }

  template <class Update>
  static void merge_all(std::vector<Column>& a, const std::vector<Column>& b,
                        const AffineForm& form, Update update) {
    if (a.size() < b.size()) {
      a.resize(b.size());
    }
    for (std::size_t k = 0; k < b.size(); ++k) {
      merge(a[k], b[k], form, update);
    }
  }

  template <class Update>
  static AffineForm combine(AffineForm a, const AffineForm& b, Update update) {
    // Forms of a sampler somebody else wrote: what does not fit must not be read past its end.
    if (a.blocks() != b.blocks()) {
      throw_foreign_vectors();
    }
    a.settle();
    merge(a.slope, b.slope, b, update);
    merge(a.offset, b.offset, b, update);
    merge_all(a.memory, b.memory, b, update);
    merge_all(a.noise, b.noise, b, update);
    return a;
  }
};

}  // namespace lemmabench
