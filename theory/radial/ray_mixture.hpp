#pragma once

#include "theory/radial/ball_scale_mixture.hpp"

namespace lemmabench {

template <class V, class S>
class RayPoint;

/// A BallScaleMixture along a ray through 0, as a function of r = |x|: what is along the ray has
/// the names that it has on the line (theory/mixture/ball_mixture.hpp), of which this is the
/// generalisation to R^d, so that a formula can be written once for both. S and V as there.
template <class V = Ball>
class RayMixture {
 public:
  RayMixture(const ScaleMixtureLaw& law, const Ball& abar, const V& noise)
      : mixture_(law, abar, noise), root_abar_(sqrt(abar)) {}
  RayMixture(const ScaleMixtureLaw& law, const Level<Ball>& level) requires std::same_as<V, Ball>
      : RayMixture(law, level.abar, level.noise) {}

  const BallScaleMixture<V>& in_space() const { return mixture_; }
  long dim() const { return mixture_.dim(); }
  const Ball& root_abar() const { return root_abar_; }

  template <class S>
  RayPoint<V, S> at(const S& r) const& {
    return RayPoint<V, S>(mixture_, r);
  }
  template <class S>
  RayPoint<V, S> at(const S& r) const&& = delete;

 private:
  BallScaleMixture<V> mixture_;
  Ball root_abar_;
};

/// Density, score and posterior at the point of a ray with radius r.
template <class V, class S>
class RayPoint {
 public:
  RayPoint(const BallScaleMixture<V>& mixture, const S& r)
      : r_(r), q_(posterior::squared(r)), at_(mixture, q_) {}

  /// log p_v(x).
  S log_density() const { return at_.log_density(); }
  /// The score along the ray, -g r, and its derivative, -(g - q kappa_2).
  S score() const { return -at_.precision() * r_; }
  S score_derivative() const { return at_.precision_variance() * q_ - at_.precision(); }
  /// The derivative of the score across the ray, -g: d-1 times an eigenvalue of grad s.
  S score_derivative_across() const { return -at_.precision(); }
  /// E[X_0 | x] along the ray.
  S posterior_mean() const { return at_.shrinkage() * r_; }
  /// Cov(Z | x) along the ray.
  S noise_variance() const { return at_.noise_variance_along(); }

 private:
  S r_;
  S q_;
  ScalePoint<V, S> at_;
};

}  // namespace lemmabench
