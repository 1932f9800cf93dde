#pragma once

#include <cstddef>
#include <memory>
#include <vector>

#include "numerics/lanes.hpp"
#include "theory/mixture/vector_mixture.hpp"
#include "theory/process/vector_law.hpp"

namespace lemmabench {

struct FactorTask;

/// The most factors a component has.
inline constexpr std::size_t kMostFactors = 32;

/// sum_k w_k N(m_k, diag(v_k) + U_k U_k^T) in R^d, U_k of r columns: covariances of low rank over a
/// diagonal (factor analysis). Immutable.
class FactorMixture final : public VectorLaw {
 public:
  /// `diagonal`: the mixture without its factors, all variances > 0. factors: K r rows of dim, the
  /// columns of U_1, then those of U_2, ...; 1 <= r <= kMostFactors. Throws InputError if sizes are
  /// off or a number is not finite.
  FactorMixture(VectorMixture diagonal, const std::vector<double>& factors);

  std::size_t dim() const override { return diagonal_.dim(); }
  std::vector<double> mean() const override { return diagonal_.mean(); }
  std::size_t rank() const { return rank_; }
  std::unique_ptr<VectorMarginal> marginal(double tau) const override;
  /// The diagonal mixture's sample, and U_k times r normals more.
  void sample(const SampleKeys& keys, double tau, std::uint64_t first, std::size_t groups,
              Lanes* out) const override;
  double core_variance() const override { return diagonal_.core_variance(); }

 private:
  friend class SmoothedFactorMixture;
  void add_gram(std::size_t k, const double* precision, double* out) const;

  VectorMixture diagonal_;
  std::size_t rank_;
  std::vector<double> factors_;  // U_k(i, j) at [(k dim + i) rank + j]
  std::vector<double> grams_;    // of shared variances: U_k^T U_k, K times rank^2
};

/// The marginal of a FactorMixture.
///
/// Inverses by Woodbury's formula: with P = diag(1/(v + tau)) and M = I + U^T P U = L L^T,
///   g^T (P^{-1} + U U^T)^{-1} g = g^T P g - |z|^2,  z = L^{-1} U^T P g,
/// which loses log10(|U|^2/(v + tau)) digits of a logit. A score costs about K d (6 + 4 r)
/// operations a point. O(K d r^2) time and O(K (d + r^2)) memory to make; with shared variances
/// O(K r^3) and O(K r^2).
class SmoothedFactorMixture final : public VectorMarginal {
 public:
  /// Keeps a reference to `clean`.
  SmoothedFactorMixture(const FactorMixture& clean, double tau);

  void score(const Lanes* points, std::size_t groups, Lanes* out) const override;
  void log_density(const Lanes* points, std::size_t groups, Lanes* out) const override;

 private:
  struct Softmax {
    std::vector<Lanes> shares;   // [group][component]
    std::vector<Lanes> weights;  // M^{-1} U^T P g: [group][component][rank]
    std::vector<Lanes> largest;
    std::vector<Lanes> total;
  };
  FactorTask task(std::size_t k, const Lanes* points) const;
  Softmax softmax(const Lanes* points, std::size_t groups) const;

  const FactorMixture& clean_;
  std::vector<double> precisions_;   // 1/(v + tau): 1, or K rows of dim
  std::vector<double> triangles_;    // L of each component, row by row, r^2
  std::vector<double> log_factors_;  // log(w_k det(2 pi Sigma_k)^{-1/2})
};

}  // namespace lemmabench
