#pragma once

#include <cstddef>
#include <vector>

#include "numerics/lanes.hpp"
#include "theory/process/vector_law.hpp"

namespace lemmabench {

struct MixtureBatch;

/// sum_k w_k N(m_k, diag(v_k)) in R^d: the law of X_0 of a vector-valued target. Immutable.
///
/// The variances are either one number for all components and coordinates (a set of points smoothed
/// by a bandwidth) or one a component and coordinate.
class VectorMixture final : public VectorLaw {
 public:
  /// weights: K numbers > 0 that sum to 1; means: K rows of dim; variances: 1, or K rows of dim,
  /// all >= 0. Throws InputError if sizes or signs are off.
  VectorMixture(std::size_t dim, std::vector<double> weights, std::vector<double> means,
                std::vector<double> variances);

  std::size_t dim() const override { return dim_; }
  std::vector<double> mean() const override;
  std::unique_ptr<VectorMarginal> marginal(double tau) const override;
  /// A component by its weight, then its Gaussian.
  void sample(const SampleKeys& keys, double tau, std::uint64_t first, std::size_t groups,
              Lanes* out) const override;
  double core_variance() const override;
  /// Near 0 summed from log(p_k/N) of each component, without subtracting two densities.
  void initial_summands(const Level<double>& level, const Lanes* x, std::size_t groups,
                        double* out) const override;

  std::size_t size() const { return weights_.size(); }
  bool shared() const { return variances_.size() == 1; }
  double weight(std::size_t k) const { return weights_[k]; }
  const double* mean(std::size_t k) const { return &means_[k * dim_]; }
  double variance(std::size_t k, std::size_t i) const {
    return shared() ? variances_[0] : variances_[k * dim_ + i];
  }
  /// 1/(v + tau): one number, or K rows of dim.
  std::vector<double> precisions(double tau) const;
  /// sum_i log(v_ki + tau).
  double log_volume(std::size_t k, double tau) const;
  /// The component whose share of [0, 1] holds u.
  std::size_t component(double u) const;

 private:
  friend class SmoothedMixture;
  void centre_means();

  std::size_t dim_;
  std::vector<double> weights_;
  std::vector<double> means_;
  std::vector<double> variances_;
  std::vector<double> cumulative_;
  // Of shared variances: the mean of the centres, the centres about it, and |m|^2/2 of those.
  std::vector<double> centre_;
  std::vector<double> centred_;
  std::vector<double> half_squares_;
  double most_half_square_ = 0;
};

/// The marginal of a mixture.
///
/// A score costs about 6 K d operations a point: distances are summed as squares of differences, so
/// that nothing cancels where the noise is small. Where variances are shared and the centres within
/// sqrt(3e4) of their deviations from the middle, so that cancellation costs a logit no more than
/// 1e-11, distances are products m.x and a score takes 2 K d. Far from all components the densities
/// underflow; logarithms and scores stay exact.
class SmoothedMixture final : public VectorMarginal {
 public:
  /// Keeps a reference to `clean`. O(K d) time, and memory unless the variances are shared.
  SmoothedMixture(const VectorMixture& clean, double tau);

  void score(const Lanes* points, std::size_t groups, Lanes* out) const override;
  void log_density(const Lanes* points, std::size_t groups, Lanes* out) const override;

 private:
  bool by_products() const;
  MixtureBatch batch(const Lanes* points, std::size_t groups) const;
  std::vector<Lanes> centred(const Lanes* points, std::size_t groups) const;

  const VectorMixture& clean_;
  std::vector<double> precisions_;   // 1/(v + tau): 1, or K rows of dim
  std::vector<double> log_factors_;  // log(w_k prod_i (2 pi (v_ki + tau))^{-1/2})
};

}  // namespace lemmabench
