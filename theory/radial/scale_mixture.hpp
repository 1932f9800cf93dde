#pragma once

#include <utility>
#include <vector>

#include "theory/process/schedule.hpp"
#include "theory/radial/radial_marginal.hpp"
#include "theory/radial/scale_law.hpp"

namespace lemmabench {

/// p_t = int N(0, (abar W + 1-abar) I_d) dP(W) (theory.md section 4, scale mixtures), from atoms or
/// by the trapezoid rule in
///   tau(y) = y/h_p + log(abar e^y + 1-abar)/h_l + 2 c sqrt(rate e^y),   y = log W,
/// whose step resolves both P (h_p, a part of its width) and the likelihood of W given |x| (h_l, a
/// part of sqrt(2/d)) only where s = abar W + 1-abar depends on W. The integrand is analytic in
/// |Im y| < pi/2, so the rule converges geometrically; `fineness` multiplies its number of nodes,
/// and computing with two values of it measures the error (below 1e-14 at 1).
///
/// With delta_j = 2 v - log s_j a component has log density peak - (d/2)(e^delta - 1 - delta), so
/// that the relative rounding error is about 4e-16 d in density, less in g.
/// The last term is for laws whose P(W > w) falls like e^{-rate w} [D]: far out W is known to
/// 1/sqrt(2 rate W) in y, and c nodes over sqrt(rate W) resolve that. How far out: holds().
/// Cost: construction about 10 us for each 100 nodes (400 for Student-t with nu = 3 in d = 1, 1300
/// in d = 256; 1500 to 2100 for Laplace, or nu = 1000), then
/// per point the 30 to 150 nodes that matter there, eight abreast.
class ScaleMixture final : public RadialMarginal {
 public:
  ScaleMixture(long dim, const ScaleLaw& law, const Level<double>& level, double fineness = 1);

  long dim() const override { return static_cast<long>(2 * half_dim_); }
  double log_density(double v) const override;
  /// g = -E[1/s | x] under the posterior weights of the components.
  double score_factor(double v) const override;
  bool holds(double v) const override;
  double second_moment() const override { return second_moment_; }
  RadialFeature feature(double negligible) const override;
  /// P(|X_t| <= sqrt(d) e^v) and P(|X_t| > ...), each with full relative accuracy in its own tail:
  /// sums of incomplete gamma functions over all components.
  double cdf(double v) const;
  double upper_tail(double v) const;
  /// The v with cdf(v) = p, 0 < p < 1; accurate to about 1e-14. Throws InputError for other p.
  double quantile(double p) const;

  std::size_t components() const { return log_scale_.size(); }

 private:
  struct Posterior {
    double log_sum;
    double inverse;
  };
  struct Window {
    int bucket = 0;
    std::size_t first = 0;
    std::size_t last = 0;
  };
  void add(double log_weight, double scale);
  void normalise();
  void prepare_windows();
  Posterior posterior(double v) const;
  const Window& window(double v) const;

  double half_dim_;
  bool atoms_ = false;
  double noise_ = 0;
  double peak_;
  double bucket_width_;
  double second_moment_ = 0;
  std::vector<double> log_weight_;
  std::vector<double> log_scale_;  ///< ascending
  std::vector<double> inverse_;    ///< 1/s
  double ignored_;                 ///< terms below e^-this of the largest are left out
  std::size_t stride_ = 1;         ///< of the coarser grid that windows are found on
  /// On that grid, for windows only: log term = base - (d/2) e^{2v}/s + d v.
  std::vector<double> coarse_base_;
  std::vector<double> coarse_inverse_;
  mutable std::vector<double> terms_;
  mutable std::vector<Window> windows_;
};

}  // namespace lemmabench
