#pragma once

#include <vector>

#include "numerics/lanes.hpp"
#include "theory/mixture/vector_mixture.hpp"
#include "theory/process/schedule.hpp"

namespace lemmabench {

/// KL(p || N(0, I)) for the marginal p of a mixture at a level, as an expectation under p of
/// something that is nowhere negative and small where p is close to N(0, I):
///   KL = E_p[log r + 1/r - 1],  r(x) = p(x)/N(x; 0, I),
/// because E_p[1/r] = 1. The plain log r has the same mean, but a deviation 1/sqrt(KL) times it.
/// log r is summed from log(p_k/N) near 0 for each component, without subtracting two densities.
class InitialDivergence {
 public:
  /// Keeps a reference to `clean`. O(K d) time and memory.
  InitialDivergence(const VectorMixture& clean, const Level<double>& level);

  /// log r + 1/r - 1 at one group of eight points, coordinate i of lane l at x[i].v[l]; out holds
  /// eight numbers. O(K d).
  void summands(const Lanes* x, double* out) const;

 private:
  const VectorMixture& clean_;
  double signal_;
  std::vector<double> excess_;      // q = variance at the level less 1, a row of dim, or K rows
  std::vector<double> log_factor_;  // -sum_i log(1 + q_ki)/2, one a row
};

}  // namespace lemmabench
