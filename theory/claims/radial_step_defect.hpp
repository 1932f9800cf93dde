#pragma once

#include <map>

#include "theory/claims/step_defect.hpp"
#include "theory/radial/ray_mixture.hpp"

namespace lemmabench {

/// |Phi_t - Psi_t| for a finite scale mixture in R^d as a function of r = |x|: flow and sampler
/// stay on the ray of x. Remembers Phi_t at points: not for several threads at once.
class RadialStepDefect {
 public:
  /// Everything given must outlive this.
  RadialStepDefect(const ScaleMixtureLaw& law, const StepLevels& levels,
                   const SteppedSampler& sampler);

  /// Phi_t - Psi_t along the ray at every point of a box of r >= 0: what both of these say,
  ///  * D(c) + D'(c) (r-c) + D''(box) (r-c)^2/2, c the middle, with Phi' = (c/Phi)^{d-1}
  ///    p_v(c)/p_{v-2b}(Phi) and Phi''/Phi' = (1/2) int s_v''(r_v) dr_v/dr dv enclosed on a tube
  ///    around the flow lines;
  ///  * the images of the ends, Phi being increasing, less Psi on the box.
  /// The first is sharp where the step is short on the scale of the score, the second where it is
  /// not (d large against T). Cost: 0.3 ms at a new point, 50 us on a box.
  Ball operator()(const Ball& box) const;

 private:
  Ball image(const Ball& point) const;
  /// Phi'(c) at a point c > 0 whose image is known.
  Ball slope(const Ball& point, const Ball& image) const;
  /// Phi'' on a box.
  Ball curvature(const Ball& box) const;

  const ScaleMixtureLaw& law_;
  const StepLevels& levels_;
  Ball drop_;  ///< 2b
  RayMixture<> from_;
  RayMixture<> to_;
  RayMixture<> between_;  ///< at all v from v-2b to v
  Ball steepest_;         ///< g <= this at all those v
  SamplerMap<RayMixture<>> sampler_;
  mutable std::map<double, Ball> images_;  ///< boxes that are halved share their ends and centres
};

}  // namespace lemmabench
