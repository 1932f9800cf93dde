#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "harness/engines/scheme/scheme_folds.hpp"
#include "harness/monte_carlo/goodness_of_fit/judged_law.hpp"
#include "harness/monte_carlo/goodness_of_fit/reference_law.hpp"
#include "numerics/panels.hpp"

namespace lemmabench {

/// The law of a density on panels, computed twice: its distribution function by the antiderivatives
/// of the panels, draws by inverting it.
class LineOutput final : public ReferenceLaw {
 public:
  /// `fine` is the law; its distribution function's error is twice the largest difference from that
  /// of `coarse` at the nodes and ends of the panels of both, plus |int q - 1|, plus `other`, and
  /// distribution_error() is twice that, the radius's. `near` is a law whose log density a
  /// classifier may look at.
  LineOutput(PanelFunction<double> fine, PanelFunction<double> coarse, double other,
             std::shared_ptr<const JudgedLaw> near);

  std::size_t dim() const override { return 1; }
  std::string rows_are() const override { return "exact draws of its output"; }
  PointTable draw(std::size_t rows, JudgeDraw purpose, std::uint64_t seed,
                  int threads) const override;
  std::optional<DistributionFunction> projection(const double* u) const override;
  std::optional<DistributionFunction> radius() const override;
  double distribution_error() const override { return error_; }
  std::vector<double> log_density(const PointTable& points, int threads) const override {
    return near_->log_density(points, threads);
  }

  const PanelFunction<double>& density() const { return *law_; }
  double cdf(double x) const { return distribution_->cdf(x); }
  /// The x with cdf(x) = p, by Newton's method kept inside a bracket; at the ends of the panels
  /// where there is none.
  double quantile(double p) const;

 private:
  std::shared_ptr<const PanelFunction<double>> law_;
  std::shared_ptr<const PanelStart> distribution_;
  std::vector<double> ends_;  ///< cdf at the right end of each panel
  double error_ = 0;
  std::shared_ptr<const JudgedLaw> near_;
};

}  // namespace lemmabench
