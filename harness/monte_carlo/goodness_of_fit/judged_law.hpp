#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "cases/points/point_file.hpp"
#include "cases/target.hpp"
#include "harness/monte_carlo/goodness_of_fit/radius_law.hpp"
#include "harness/monte_carlo/goodness_of_fit/reference_law.hpp"
#include "theory/mixture/line_mixture.hpp"
#include "theory/mixture/vector_mixture.hpp"
#include "theory/process/schedule.hpp"
#include "theory/process/vector_law.hpp"

namespace lemmabench {

/// A noise level and what a person calls it. For the data themselves abar is 1 and noise 0.
struct NamedLevel {
  Level<double> level{1, 0};
  std::string name;  ///< "data", "t = 3 of 100, li-cai:c0=2,c1=9" or "abar = 0.9"
};

/// Reads --noise-level: `data`, `last` (level 1 of the schedule, where Y_1 ends), a whole number t
/// of the schedule's levels, or abar itself, an exact number between 0 and 1. Empty: `last` if
/// there are steps, else `data`. steps = 0 means that none were given. Throws InputError.
NamedLevel read_level(const std::string& text, const ScheduleKind& schedule, long steps);

/// The law of X_t = sqrt(abar) X_0 + sqrt(noise) Z, which may be any pair of numbers: exact draws
/// of it, and what is known in closed form.
class JudgedLaw final : public ReferenceLaw {
 public:
  /// Reads the data of a cloud. Throws as vector_law does.
  JudgedLaw(const Target& target, const Level<double>& level);
  /// A mixture of Gaussians, all variances above 0, itself; `rows_are` says of what its draws are.
  JudgedLaw(std::shared_ptr<const VectorMixture> mixture, std::string rows_are);

  std::size_t dim() const override { return law_->dim(); }
  std::string rows_are() const override { return rows_are_; }

  /// Exact independent draws, a row each. Same bytes on any number of threads.
  PointTable draw(std::size_t rows, const SampleKeys& keys, int threads) const;
  PointTable draw(std::size_t rows, JudgeDraw purpose, std::uint64_t seed,
                  int threads) const override;

  /// Known where u.X_t is a mixture of at most kMostComponents Gaussians on the line.
  std::optional<DistributionFunction> projection(const double* u) const override;
  std::optional<LineMixture<double>> projected(const double* u) const;

  /// Known of what radius_law() knows (harness/monte_carlo/goodness_of_fit/radius_law.hpp).
  std::optional<DistributionFunction> radius() const override { return radius_; }

  /// False of a sphere without noise.
  bool has_density() const { return has_density_; }
  /// log p_t at every row, up to one constant; empty for a law without a density.
  std::vector<double> log_density(const PointTable& points, int threads) const override;

  static constexpr std::size_t kMostComponents = 64;

 private:
  std::shared_ptr<const VectorLaw> law_;
  Level<double> level_;
  bool has_density_;
  std::string rows_are_ = "exact draws";
  std::optional<DistributionFunction> radius_;
};

}  // namespace lemmabench
