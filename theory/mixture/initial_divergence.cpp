#include "theory/mixture/initial_divergence.hpp"

#include <cmath>

#include "numerics/log_functions.hpp"

namespace lemmabench {
namespace {

/// sum_i ((x_i - m_i)^2/(1 + q_i) - x_i^2), m_i = signal mean_i, eight points at once.
LEMMABENCH_LANE_FUNCTION void excess_square_body(std::size_t dim, double signal, const double* mean,
                                                 const double* excess, const Lanes* x, Lanes& out) {
  LaneVector sum = {};
  for (std::size_t i = 0; i < dim; ++i) {
    const double m = signal * mean[i];
    const double inverse = 1 / (1 + excess[i]);
    const LaneVector z = x[i].v;
    sum += (m * (m - 2 * z) - excess[i] * z * z) * inverse;
  }
  out.v = sum;
}
LEMMABENCH_FOR_EACH_VECTOR_UNIT(excess_square,
                                (std::size_t dim, double signal, const double* mean,
                                 const double* excess, const Lanes* x, Lanes& out),
                                (dim, signal, mean, excess, x, out))

}  // namespace

InitialDivergence::InitialDivergence(const VectorMixture& clean, const Level<double>& level)
    : clean_(clean), signal_(std::sqrt(level.abar)) {
  const std::size_t dim = clean.dim();
  for (std::size_t k = 0; k < (clean.shared() ? 1 : clean.size()); ++k) {
    double sum = 0;
    for (std::size_t i = 0; i < dim; ++i) {
      // abar v + (1 - abar) - 1, which does not cancel.
      excess_.push_back(level.abar * (clean.variance(k, i) - 1));
      sum += std::log1p(excess_.back());
    }
    log_factor_.push_back(-sum / 2);
  }
}

void InitialDivergence::summands(const Lanes* x, double* out) const {
  const std::size_t dim = clean_.dim();
  double ratio[kLanes] = {};  // r - 1
  for (std::size_t k = 0; k < clean_.size(); ++k) {
    const std::size_t row = clean_.shared() ? 0 : k;
    Lanes sum;
    excess_square(dim, signal_, clean_.mean(k), &excess_[row * dim], x, sum);
    for (std::size_t l = 0; l < kLanes; ++l) {
      ratio[l] += clean_.weight(k) * std::expm1(log_factor_[row] - sum[l] / 2);
    }
  }
  for (std::size_t l = 0; l < kLanes; ++l) {
    // log r + 1/r - 1 = w - log(1 + w) with w = 1/r - 1.
    out[l] = -log1p_minus(-ratio[l] / (1 + ratio[l]));
  }
}

}  // namespace lemmabench
