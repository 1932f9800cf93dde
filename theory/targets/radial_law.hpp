#pragma once

#include <optional>
#include <variant>
#include <vector>

#include "numerics/rational.hpp"

/// Rotation-invariant laws of X_0 in R^d as data: exact rationals.
namespace lemmabench {

/// Multivariate Student-t with nu degrees of freedom and identity scale matrix: X_0 = sqrt(W) G,
/// W ~ InvGamma(nu/2, nu/2), G ~ N(0, I). E||X_0||^2 = d nu/(nu-2) for nu > 2, else infinite.
struct StudentLaw {
  long dim = 1;
  Rational nu;
};

/// Multivariate (symmetric) Laplace with covariance variance I: X_0 = sqrt(W) G, W exponential of
/// this mean.
struct LaplaceLaw {
  long dim = 1;
  Rational variance;
};

/// X_0 = sqrt(W) G in R^d, G ~ N(0, I_d) and W one of finitely many variances: the finite scale
/// mixture sum_k w_k N(0, V_k I_d). Contaminated and two-scale laws are of this kind.
struct ScaleMixtureLaw {
  struct Atom {
    Rational weight;    ///< w_k > 0, which sum to 1
    Rational variance;  ///< V_k > 0
  };
  long dim = 1;
  std::vector<Atom> atoms;

  /// E W = sum_k w_k V_k, the variance of every coordinate.
  Rational variance() const;
  /// E||X_0||^2 = d E W.
  Rational second_moment() const { return Rational(dim) * variance(); }
  /// The same scales and weights in R^dim.
  ScaleMixtureLaw in_dimension(long other) const { return {other, atoms}; }
};

/// Uniform on the sphere of this radius times sqrt(d).
struct ShellLaw {
  long dim = 1;
  Rational radius;
};

/// A rotation-invariant law: a scale mixture of isotropic Gaussians, or the sphere.
struct RadialLaw {
  std::variant<StudentLaw, LaplaceLaw, ScaleMixtureLaw, ShellLaw> law;

  long dim() const;
  const StudentLaw* student() const { return std::get_if<StudentLaw>(&law); }
  const ScaleMixtureLaw* scale_mixture() const { return std::get_if<ScaleMixtureLaw>(&law); }
  /// The radius over sqrt(d) of a sphere that the law lives on, none for scale mixtures.
  std::optional<Rational> sphere() const;
  /// Whether E|X_0| is finite: all but Student-t with nu <= 1.
  bool has_mean() const;
  /// Whether E|grad log p(X_0)|^2 is finite, p the density of X_0. A sphere has none; of the
  /// Laplace law in dimension 2 and above p is like |x|^{2-d} (log 1/|x| for d = 2) at the origin,
  /// so that p |grad log p|^2 is like |x|^{-d} and its integral infinite [D].
  bool has_fisher_information() const;
};

}  // namespace lemmabench
