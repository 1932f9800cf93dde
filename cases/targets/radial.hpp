#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "cases/spec.hpp"
#include "numerics/rational.hpp"
#include "theory/process/schedule.hpp"
#include "theory/radial/radial_marginal.hpp"

namespace lemmabench {

/// Multivariate Student-t with identity scale matrix; nu/(nu-2) I is its covariance for nu > 2.
struct StudentRadius {
  Rational nu;
};
/// Multivariate (symmetric) Laplace with covariance variance I: W exponential.
struct LaplaceRadius {
  Rational variance;
};
/// weight N(0, first I) + (1-weight) N(0, second I).
struct TwoScaleRadius {
  Rational weight;
  Rational first;
  Rational second;
};
/// (1-fraction) N(0, I) + fraction N(0, variance I).
struct ContaminatedRadius {
  Rational fraction;
  Rational variance;
};
/// Uniform on the sphere of this radius times sqrt(d).
struct ShellRadius {
  Rational radius;
};

/// A rotation-invariant law in R^d: scale mixtures of isotropic Gaussians, and the sphere.
/// Inline: `student-t:dim=10,nu=3`, `laplace:dim=10,variance=1`,
/// `two-scale:dim=10,weight=1/2,variances=0.1/4`, `contaminated:dim=10,fraction=0.05,variance=9`,
/// `shell:dim=10,radius=1`.
struct RadialTarget {
  long dim = 1;
  std::variant<StudentRadius, LaplaceRadius, TwoScaleRadius, ContaminatedRadius, ShellRadius> law;

  std::string text() const;
  /// p_t in double. `fineness` multiplies the nodes of the grid in the scale; at 1 the error is
  /// below 1e-14, below 1 its power.
  /// With `centred` a sphere counts v from itself, log(|x|/(sqrt(abar) radius)).
  /// At abar = 0 it is N(0, I), of any law; at noise 0 the law of X_0, of all but the sphere, which
  /// has no density there.
  std::unique_ptr<RadialMarginal> marginal(const Level<double>& level, double fineness,
                                           bool centred = false) const;
  /// The radius over sqrt(d) of a sphere that the law lives on, none for scale mixtures.
  std::optional<Rational> sphere() const;
  /// Whether E|X_0| is finite: all but Student-t with nu = 1.
  bool has_mean() const;
  /// Whether E|grad log p(X_0)|^2 is finite, p the density of X_0. A sphere has none; of the
  /// Laplace law in dimension 2 and above p is like |x|^{2-d} (log 1/|x| for d = 2) at the origin,
  /// so that p |grad log p|^2 is like |x|^{-d} and its integral infinite [D].
  bool has_fisher_information() const;
};

/// Largest dimension of a radial target.
inline constexpr long kMaxRadialDim = 4096;

/// True for the names that make_radial reads.
bool is_radial(std::string_view name);
/// Reads a radial spec. Throws InputError: dim not in 1..4096, nu not in 1..1000, a variance or
/// radius not in 1e-6..1e6, a weight or fraction not between 0 and 1, not two variances.
RadialTarget make_radial(Spec& spec);

}  // namespace lemmabench
