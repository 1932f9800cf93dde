#pragma once

#include <vector>

#include "numerics/rational.hpp"

/// Laws of X_0 that the theory can be evaluated on, as data: exact rationals, so that everything
/// can be computed again at any precision.
namespace lemmabench {

/// One independent coordinate of X_0, a Gaussian mixture on the line (one component: a Gaussian),
/// repeated `multiplicity` times.
struct CoordinateLaw {
  struct Component {
    Rational weight;
    Rational mean;
    Rational variance;
  };
  std::vector<Component> components;
  long multiplicity = 1;

  bool gaussian() const { return components.size() == 1; }
  Rational mean() const;
  /// E X^2 = sum_k w_k (m_k^2 + v_k).
  Rational second_moment() const;
  Rational variance() const { return second_moment() - mean() * mean(); }
};

/// A law with independent coordinates, each a Gaussian mixture on the line: diagonal Gaussians in
/// R^d (one component each) and mixtures on the line (one coordinate).
struct ProductLaw {
  std::vector<CoordinateLaw> coordinates;

  long dim() const;
  bool gaussian() const;
  /// E||X_0||^2.
  Rational second_moment() const;
};

}  // namespace lemmabench
