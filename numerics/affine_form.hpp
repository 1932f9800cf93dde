#pragma once

#include <cstddef>
#include <utility>
#include <vector>

namespace lemmabench {

/// slope * Y + offset + sum_k noise[k] Z_k: an affine function of the state Y a kernel started
/// from and of the independent standard Gaussians Z_k drawn since. Closed under +, - and scaling,
/// which is all that a sampler with an affine score does to its state.
template <class Real>
struct AffineForm {
  Real slope{};
  Real offset{};
  std::vector<Real> noise;

  friend AffineForm operator+(AffineForm a, const AffineForm& b) {
    a.slope += b.slope;
    a.offset += b.offset;
    a.grow(b.noise.size());
    for (std::size_t k = 0; k < b.noise.size(); ++k) {
      a.noise[k] += b.noise[k];
    }
    return a;
  }
  friend AffineForm operator-(AffineForm a, const AffineForm& b) {
    a.slope -= b.slope;
    a.offset -= b.offset;
    a.grow(b.noise.size());
    for (std::size_t k = 0; k < b.noise.size(); ++k) {
      a.noise[k] -= b.noise[k];
    }
    return a;
  }
  friend AffineForm operator*(const Real& factor, AffineForm a) {
    a.slope *= factor;
    a.offset *= factor;
    for (Real& z : a.noise) {
      z *= factor;
    }
    return a;
  }
  friend AffineForm operator/(AffineForm a, const Real& divisor) {
    a.slope /= divisor;
    a.offset /= divisor;
    for (Real& z : a.noise) {
      z /= divisor;
    }
    return a;
  }
  /// The same constant added to the offset.
  friend AffineForm operator+(AffineForm a, const Real& constant) {
    a.offset += constant;
    return a;
  }

 private:
  void grow(std::size_t count) {
    if (noise.size() < count) {
      noise.resize(count, Real(0));
    }
  }
};

}  // namespace lemmabench
