#pragma once

#include <string>
#include <vector>

#include "cases/sampler.hpp"
#include "cases/sampler_schedule.hpp"
#include "cases/score_estimate.hpp"
#include "harness/engines/gaussian/gaussian_propagation.hpp"
#include "harness/engines/line/line_numbers.hpp"
#include "harness/engines/product/product_parts.hpp"
#include "numerics/mp.hpp"
#include "theory/gaussian/gaussian_total_variation.hpp"
#include "theory/targets/product_law.hpp"

namespace lemmabench {

/// What a product law is asked about.
struct ProductModel {
  const ProductParts& target;
  const Sampler& sampler;
  const ScoreEstimate& score;
  const LawRequest& request;
  bool decomposition = true;
  long whole = 0;  ///< dimension of the whole space, if the target is a part of it; 0: it is not

  long dim() const { return whole > 0 ? whole : target.dim(); }
};

/// The levels of the question; the last may be without noise and the first without signal.
template <class Real>
Schedule<Real> product_levels(const ProductModel& model) {
  return schedule_for<Real>(model.sampler, model.request.schedule, model.request.steps,
                            EndLevels::closed);
}

/// What one factor of the target gives, for one of its copies. Pairs of laws are panels with p in
/// channel 0 and q - p in channel 1, both of mass 1.
struct FactorEnd {
  LawDistances<double> end;              ///< Y_1 from X_1, without the mass defect
  InitialDistances<double> initial;      ///< N(0, 1) from X_T
  double initialisation_noise = 0;       ///< harness/engines/line/line_numbers.hpp
  PanelFunction<double> total;           ///< p = X_1, q = Y_1
  PanelFunction<double> discretisation;  ///< p = X_1, q = Y_1 from the exact start
  PanelFunction<double> initialisation;  ///< p = Y_1 from the exact start, q = Y_1
  PanelFunction<double> start;           ///< p = X_T, q = N(0, 1)
  double mass_defect = 0;                ///< |int q - 1| before the mass was set to 1
  double second_moment = 0;              ///< E X_0^2
  long score_calls = 0;
};

/// Which of the two runs (two_runs.hpp): the second has its levels rounded anew.
enum class Run { first, second };

/// One propagation of one factor. The last four fields of the terms are empty without
/// decomposition.
FactorEnd carry_factor(const ProductModel& model, const CoordinateLaw& factor,
                       const LineSettings& settings, Run run);

/// The Gaussian part; empty vectors if the target has none.
struct GaussianEnd {
  std::vector<RelativeBlock<double>> total;
  std::vector<RelativeBlock<double>> discretisation;
  std::vector<RelativeBlock<double>> initialisation;
  std::vector<RelativeBlock<double>> start;
};

/// The Gaussian part propagated in Real.
template <class Real>
GaussianEnd carry_gaussian(const ProductModel& model);

/// Distances, parts and mass defect from factors and Gaussian part of one resolution. KL adds;
/// 1 - H^2 multiplies, in logarithms; TV by product_total_variation.hpp, or product_isotropic.hpp
/// when there is one coordinate and one Gaussian variance.
LawNumbers<double> combine_product(const ProductModel& model, const std::vector<FactorEnd>& factors,
                                   const GaussianEnd& gaussian);

extern template GaussianEnd carry_gaussian<double>(const ProductModel&);
extern template GaussianEnd carry_gaussian<Mp40>(const ProductModel&);

}  // namespace lemmabench
