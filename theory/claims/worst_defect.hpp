#pragma once

#include <functional>
#include <vector>

#include "numerics/supremum.hpp"
#include "theory/claims/comparisons.hpp"
#include "theory/claims/step_defect.hpp"
#include "theory/targets/radial_law.hpp"

/// The worst defect of one step at typical points, of every kind of law (claim D2).
namespace lemmabench {

/// Which step is looked at.
struct StepQuestion {
  SteppedSampler sampler;
  int order;         ///< p, that it is held to
  Ball theta;        ///< x is typical when -log p_t(x) <= theta d log T
  double gap;        ///< of log snr between the levels looked at (chosen_levels),
  double from = -1;  ///< and where they begin

  /// b^p (d log T/(1-abar_t))^{p-1/2}.
  Ball bound(const StepLevels& levels, long dim) const;
};

/// sup |Phi_t - Psi_t|/bound over typical x: the C one level or several levels need.
struct NeededConstant {
  Ball value;
  long dim = 1;
  Place place;
  long levels = 1;       ///< that it is the supremum over
  bool used_up = false;  ///< see Supremum
};
using DefectRecord = std::function<void(const NeededConstant&)>;

/// On a Gaussian D_i(x) = d_i (x - c_i), and on the ellipsoid that is the typical set |D| is
/// largest along one axis: sup |D| = R max_i |d_i| sqrt(w_i). Every t up to T = 256, then 256 of
/// them; for each number of copies.
void gaussian_defects(const StepQuestion& ask, const ProductLaw& law,
                      const std::vector<long>& copies, long steps, const DefectRecord& record);
/// One supremum over the chosen levels and all typical x, by branch and bound: of a mixture on the
/// line, and of a scale mixture in R^d over |x|.
void line_defects(const StepQuestion& ask, const CoordinateLaw& law, long steps,
                  const SupremumGoal& goal, const DefectRecord& record);
void scale_mixture_defects(const StepQuestion& ask, const ScaleMixtureLaw& law, long steps,
                           const SupremumGoal& goal, const DefectRecord& record);
/// The same of `copies` of independent coordinates, over which |D|^2 is a sum
/// (theory/product/typical_product.hpp).
void product_defects(const StepQuestion& ask, const ProductLaw& law, long copies, long steps,
                     const SupremumGoal& goal, const DefectRecord& record);

}  // namespace lemmabench
