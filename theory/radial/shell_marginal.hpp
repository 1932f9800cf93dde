#pragma once

#include "theory/process/schedule.hpp"
#include "theory/radial/radial_kernel.hpp"
#include "theory/radial/radial_marginal.hpp"

namespace lemmabench {

/// p_t of X_0 uniform on the sphere of radius c sqrt(d): |X_t| is the radius of m e + sigma Z with
/// m = sqrt(abar) c sqrt(d) and sigma^2 = 1-abar, and the posterior of X_0/|X_0| is von
/// Mises-Fisher with concentration z = m |x|/sigma^2, whence
///   E[X_0|x] = c sqrt(d) R(z) x/|x|,  R = I_{d/2}/I_{d/2-1},   g = (m R(z)/|x| - 1)/(1-abar).
/// O(1) a point.
///
/// Near the data the shell is far thinner than doubles are dense at its radius: `centred` counts v
/// from the sphere itself, v = log(|x|/m), and all functions keep their accuracy relative to v.
class ShellMarginal final : public RadialMarginal {
 public:
  /// radius is c > 0.
  ShellMarginal(long dim, double radius, const Level<double>& level, bool centred = false);

  long dim() const override { return kernel_.dim(); }
  double log_density(double v) const override;
  double score_factor(double v) const override;
  double second_moment() const override;
  RadialFeature feature(double negligible) const override;
  double log_unit() const override { return log_unit_; }
  /// |E[X_0 | X_t = x]|/sqrt(d) at v.
  double posterior_mean(double v) const;

 private:
  double argument(double v) const;
  /// log R, with relative accuracy where R is nearly 1.
  double log_ratio(double v) const;

  RadialKernel kernel_;
  double radius_;
  Level<double> level_;
  double log_mean_;  ///< log(m/sqrt(d))
  double log_unit_;
  double log_mean_in_unit_;
};

}  // namespace lemmabench
