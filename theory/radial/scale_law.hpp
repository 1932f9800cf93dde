#pragma once

#include <functional>
#include <vector>

namespace lemmabench {

/// The law P of the scale W of X_0 = sqrt(W) G, G ~ N(0, I_d): atoms, or a density in y = log W
/// that is analytic in |Im y| < pi/2 and dies out at both ends.
struct ScaleLaw {
  struct Atom {
    double weight;
    double scale;
  };
  std::vector<Atom> atoms;  ///< weights sum to 1; empty for a density

  std::function<double(double)> log_density;  ///< of y; need not be normalised
  double low = 0;                             ///< mass beyond [low, high] is below 1e-28
  /// Far above: a point far out is of a scale that hardly any has.
  double high = 0;
  /// P(W > w) falls like exp(-rate w), so that what W is of a point far out is known to
  /// 1/sqrt(2 rate W) in y; 0 where the tail is a power.
  double rate = 0;
  double width = 1;  ///< on which the density changes
  double mean = 1;   ///< E W; infinite if there is none
};

/// W = InvGamma(nu/2, nu/2), nu > 0: X_0 is the multivariate Student-t with nu degrees of freedom.
ScaleLaw student_scale(double nu);
/// W exponential with this mean: the multivariate Laplace law with covariance mean I.
ScaleLaw laplace_scale(double mean);
ScaleLaw atomic_scale(std::vector<ScaleLaw::Atom> atoms);

}  // namespace lemmabench
