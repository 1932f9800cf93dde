#pragma once

#include <cstddef>
#include <vector>

#include "theory/mixture/line_mixture.hpp"
#include "theory/targets/product_law.hpp"

namespace lemmabench {

/// The mixture's own law, in double.
LineMixture<double> line_mixture(const CoordinateLaw& target);

/// The law of X + sigma Z; that of Z if sigma is infinite.
LineMixture<double> noisy_mixture(const LineMixture<double>& clean, double sigma);

/// D(y) = E[X_0 | X_0 + sigma Z = y] on a mixture sum_k w_k N(m_k, v_k), and its derivative: with
/// shares r_k(y) of the components at this level and d_k = (m_k sigma^2 + v_k y)/(v_k + sigma^2),
///   D = sum_k r_k d_k,   D' = sum_k r_k (v_k/(v_k + sigma^2) + (s_k - s) d_k),
/// s_k = (m_k - y)/(v_k + sigma^2), s their mean. No terms cancel but in the last product, where
/// d_k counts from D. At an infinite level D = E X_0. Relative error a few eps of max_k |d_k|.
class LineDenoiser {
 public:
  /// sigma > 0, possibly infinite.
  LineDenoiser(const LineMixture<double>& clean, double sigma);

  /// For `count` points; `slopes` may be null. Eight points at a time: about 3 ns a point and
  /// component, and the same bytes whatever the vector unit and the place among the points.
  void operator()(const double* points, std::size_t count, double* values, double* slopes) const;

  /// What a component is at this level.
  struct Component {
    double log_factor;
    double mean;
    double precision;  ///< 1/(v + sigma^2)
    double pull;       ///< m sigma^2/(v + sigma^2)
    double keep;       ///< v/(v + sigma^2)
  };

 private:
  std::vector<Component> components_;
  double mean_ = 0;
  bool endless_ = false;
};

}  // namespace lemmabench
