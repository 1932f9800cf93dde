#pragma once

#include "numerics/legendre.hpp"

namespace lemmabench {

/// What one point x of a law contributes to TV between p(x) N(g; 0, w I_m) and q(x) N(g; 0, v I_m),
/// g integrated out in closed form; e = v/w - 1 > -1 and not 0, m >= 1. p N_w exceeds q N_v in a
/// ball |g|^2 < w c (e > 0) or outside of it (e < 0),
///   c(x) = ((1+e)/e) (m log(1+e) - 2 log(q/p)),
/// so with F the distribution function of chi2_m the contribution is
///   p F(c) - q F(c/(1+e))            (e > 0, c > 0; nothing where c <= 0),
///   p (1-F(c)) - q (1-F(c/(1+e)))    (e < 0; c is replaced by 0 where it is negative)
/// [D]. Evaluated as p times a difference of F at nearby points less (q - p) F: the accuracy is
/// relative to |q/p - 1| and e. As a function of x it has a kink of order m/2 where c = 0.
class IsotropicExcess {
 public:
  IsotropicExcess(double e, long m);

  /// c(x), which may be negative; `difference` = q - p.
  double threshold(double p, double difference) const;
  double operator()(double p, double difference) const;

 private:
  double between(double a, double width) const;

  double e_;
  double m_;
  QuadratureRule<double> rule_;
};

}  // namespace lemmabench
