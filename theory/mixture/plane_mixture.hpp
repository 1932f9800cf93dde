#pragma once

#include <cstddef>
#include <vector>

#include "theory/process/schedule.hpp"

namespace lemmabench {

/// sum_k w_k N(m_k, v I) in the plane, v common to all: a target, or its marginal p_t. Immutable.
/// Safe for any finite point: far from all centres densities underflow, logarithms and scores stay
/// exact.
class PlaneMixture {
 public:
  struct Component {
    double weight = 1;
    double x = 0;
    double y = 0;
  };

  /// Weights > 0 that sum to 1, v > 0, at least one component, else InputError.
  PlaneMixture(std::vector<Component> components, double variance);

  const std::vector<Component>& components() const { return components_; }
  double variance() const { return variance_; }

  /// The law of sqrt(abar) X + sqrt(1-abar) Z (theory.md section 1).
  PlaneMixture at_level(const Level<double>& level) const;
  /// The law of X + sqrt(v') Z.
  PlaneMixture smoothed(double added_variance) const;
  /// E|X|^2.
  double second_moment() const;

  /// Points as count x, then count y: log p at each, and p.
  void log_density(const double* points, std::size_t count, double* out) const;
  double density(double x, double y) const;

  /// Points with tangents, count numbers each of x, y, x', y', x'', y'': the score s(x) and its
  /// derivatives H (x', y') and H (x'', y'') in the same layout, H = (Cov(m | x)/v - I)/v. Carried
  /// through a map that calls it, unit tangents give the columns of the map's Jacobian.
  /// Cost about 2 ns a component and point.
  void score(const double* points, std::size_t count, double* out) const;

 private:
  std::vector<Component> components_;
  double variance_;
  std::vector<double> log_factors_;  // log(w_k/(2 pi v))
};

/// How many numbers a point with its two tangents is.
inline constexpr std::size_t kPlaneWidth = 6;

}  // namespace lemmabench
