#include "theory/initial_divergence.hpp"

#include <cmath>

#include "numerics/log_functions.hpp"

namespace lemmabench {

InitialDivergence::InitialDivergence(const VectorMixture& clean, const Level<double>& level)
    : clean_(clean), signal_(std::sqrt(level.abar)) {
  for (std::size_t k = 0; k < clean.size(); ++k) {
    double sum = 0;
    for (std::size_t i = 0; i < clean.dim(); ++i) {
      // abar v + (1 - abar) - 1, which does not cancel.
      const double excess = level.abar * (clean.variance(k, i) - 1);
      if (!clean.shared() || excess_.empty()) {
        excess_.push_back(excess);
      }
      sum += std::log1p(excess);
    }
    log_factor_.push_back(-sum / 2);
  }
}

double InitialDivergence::summand(const Lanes* x, std::size_t lane) const {
  const std::size_t dim = clean_.dim();
  double ratio = 0;  // r - 1
  for (std::size_t k = 0; k < clean_.size(); ++k) {
    const double* mean = clean_.mean(k);
    const double* excess = clean_.shared() ? excess_.data() : &excess_[k * dim];
    double sum = 0;  // of (x-m)^2/(1+q) - x^2
    for (std::size_t i = 0; i < dim; ++i) {
      const double q = clean_.shared() ? excess[0] : excess[i];
      const double m = signal_ * mean[i];
      const double z = x[i].v[lane];
      sum += (m * (m - 2 * z) - q * z * z) / (1 + q);
    }
    ratio += clean_.weight(k) * std::expm1(log_factor_[k] - sum / 2);
  }
  // log r + 1/r - 1 = w - log(1 + w) with w = 1/r - 1.
  return -log1p_minus(-ratio / (1 + ratio));
}

}  // namespace lemmabench
