#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "numerics/lanes.hpp"
#include "numerics/random_normals.hpp"
#include "theory/process/schedule.hpp"

namespace lemmabench {

/// What the random numbers of a sample of a VectorLaw are for. Laws of several coordinates take
/// consecutive streams from `further` on.
enum class SampleStream : std::uint64_t { choice = 0, point = 1, intermediate = 2, further = 16 };

/// The random numbers of one step of one certificate.
struct SampleKeys {
  std::uint64_t seed = 0;
  std::uint64_t step = 0;

  RandomKey key(SampleStream stream, std::uint64_t offset = 0) const {
    return {.seed = seed, .stream = static_cast<std::uint64_t>(stream) + offset, .step = step};
  }
};

/// The law of y = X_0 + sqrt(tau) Z, tau > 0, at batches of points: p_t in the coordinate
/// y = x/sqrt(abar) with tau = (1-abar)/abar, where the data do not move with the level.
/// score_t(x) = score(y)/sqrt(abar).
///
/// Points are in groups of eight, coordinate i of group g at [g dim + i]. Not for use by two
/// threads at once.
class VectorMarginal {
 public:
  explicit VectorMarginal(double tau) : tau_(tau) {}
  VectorMarginal(const VectorMarginal&) = delete;
  VectorMarginal& operator=(const VectorMarginal&) = delete;
  virtual ~VectorMarginal() = default;

  double tau() const { return tau_; }
  /// grad log p; out may not be points.
  virtual void score(const Lanes* points, std::size_t groups, Lanes* out) const = 0;
  /// log p, one a group.
  virtual void log_density(const Lanes* points, std::size_t groups, Lanes* out) const = 0;

 private:
  double tau_;
};

/// A law of X_0 in R^d with exact samples and an exact score at every level: what the path
/// certificate needs. Immutable; for use by several threads at once.
class VectorLaw {
 public:
  VectorLaw() = default;
  VectorLaw(const VectorLaw&) = default;
  VectorLaw& operator=(const VectorLaw&) = default;
  virtual ~VectorLaw() = default;

  virtual std::size_t dim() const = 0;
  /// E X_0: dim() numbers. Throws EngineRefusal for a law that has none.
  virtual std::vector<double> mean() const = 0;
  /// Keeps a reference to this law.
  virtual std::unique_ptr<VectorMarginal> marginal(double tau) const = 0;
  /// Exact samples first..first+8 groups-1 of X_0 + sqrt(tau) Z. Sample number s of a key is always
  /// the same.
  virtual void sample(const SampleKeys& keys, double tau, std::uint64_t first, std::size_t groups,
                      Lanes* out) const = 0;

  /// A variance, at least 0, that is in every direction of the law wherever it is concentrated:
  /// that of its narrowest part. Only the speed of VectorFlow depends on it.
  virtual double core_variance() const { return 0; }

  /// log r + 1/r - 1 with r = p_t/N(0, I) at points x of R^d: its mean under p_t is KL(p_t || N(0,
  /// I)), because that of 1/r is 1, and it is nowhere negative. out holds 8 groups numbers.
  /// By default from log_density, whose rounding it inherits: about d^2 1e-32 in the result.
  virtual void initial_summands(const Level<double>& level, const Lanes* x, std::size_t groups,
                                double* out) const;
};

}  // namespace lemmabench
