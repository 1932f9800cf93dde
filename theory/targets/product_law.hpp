#pragma once

#include <vector>

#include "numerics/rational.hpp"

/// Laws of X_0 as data: exact rationals, so that everything can be computed again at any precision.
/// The one description of them: cases/targets reads it, the claims and the engines take it.
namespace lemmabench {

/// One independent coordinate of X_0, a Gaussian mixture sum_k w_k N(m_k, v_k) on the line (one
/// component: a Gaussian), repeated `multiplicity` times. By itself it is the law of a mixture on
/// the line.
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
  Rational variance() const;
};

/// A law with independent coordinates, each a Gaussian mixture on the line: diagonal Gaussians in
/// R^d (one component each), mixtures on the line (one coordinate) and their products. Any law that
/// becomes one of these by a rotation is meant as well.
struct ProductLaw {
  std::vector<CoordinateLaw> coordinates;

  long dim() const;
  bool gaussian() const;
  /// E||X_0||^2.
  Rational second_moment() const;
};

/// N(mean, diag(spectrum)) in R^d, as blocks of coordinates with the same variance and mean: a
/// product law whose every coordinate is Gaussian. Any Gaussian is one of these in its eigenbasis.
struct GaussianLaw : ProductLaw {
  /// True when every mean is 0.
  bool centred() const;
};

/// `multiplicity` coordinates N(mean, variance).
CoordinateLaw gaussian_block(const Rational& variance, const Rational& mean = Rational(0),
                             long multiplicity = 1);

}  // namespace lemmabench
