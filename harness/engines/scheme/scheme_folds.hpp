#pragma once

#include <vector>

#include "harness/engines/scheme/scheme_flow.hpp"
#include "numerics/estimate.hpp"
#include "numerics/panels.hpp"

namespace lemmabench {

/// The law that a map is applied to, as fold_total_variation asks for it.
class StartLaw {
 public:
  virtual ~StartLaw() = default;
  virtual double density(double x) const = 0;
  virtual double cdf(double x) const = 0;
};

class MixtureStart final : public StartLaw {
 public:
  explicit MixtureStart(const LineMixture<double>& law) : law_(law) {}
  double density(double x) const override { return law_.density(x); }
  double cdf(double x) const override { return law_.cdf(x); }

 private:
  const LineMixture<double>& law_;
};

/// A density on panels; the mass that its panels lack is nowhere.
class PanelStart final : public StartLaw {
 public:
  explicit PanelStart(const PanelFunction<double>& law);
  double density(double x) const override { return law_.evaluate(x, 0); }
  double cdf(double x) const override;

 private:
  const PanelFunction<double>& law_;
  std::vector<double> before_;           ///< mass left of each panel, and in all
  std::vector<double> antiderivatives_;  ///< of each panel, order + 1 coefficients
};

/// The panels of a law, and what the map makes the truth ask for between their ends.
FlowDomain panel_domain(const SchemeMap& map, const PanelFunction<double>& law,
                        const LineMixture<double>& truth);

/// TV between the law of m(x_T) and the truth, whether m folds or not, from distribution functions.
///
/// m is cut at its turning points into monotone branches. Between two neighbouring values at
/// turning points or ends the density q(y) = sum over branches of start(x_b)/|m'(x_b)| is smooth,
/// and
///   TV = (1/2) sum |change of H|,  H(y) = P(m(x_T) <= y) - truth.cdf(y),
/// over the stretches between the zeros of q - truth, which are bracketed at all images of the
/// panels' nodes and refined; H is flat there, so that a zero need not be known to the last digit.
/// Beside a turning point q has a pole like 1/sqrt(distance); stretches are gone through in an
/// angle, y = centre - half cos(angle), in which it is none.
///
/// Cost: a few evaluations of m a node and branch. Its error is that of the start's mass beyond the
/// domain, and rounding.
Estimate<double> fold_total_variation(const SchemeMap& map, const StartLaw& start,
                                      const LineMixture<double>& truth, const FlowDomain& domain,
                                      const LineSettings& settings);

}  // namespace lemmabench
