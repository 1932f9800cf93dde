#pragma once

#include "harness/engines/common/two_runs.hpp"
#include "harness/engines/gaussian/gaussian_propagation.hpp"
#include "harness/engines/plane/plane_walk.hpp"
#include "harness/engines/product/product_numbers.hpp"

namespace lemmabench {

/// A mixture in the plane times a Gaussian of diagonal covariance.
struct PlaneTarget {
  PlaneMixture plane;
  GaussianLaw gaussian;  ///< no blocks if there is none
};

/// One propagation from level T to level 1 with these settings, combined with the Gaussian part:
/// KL adds, 1 - H^2 multiplies, TV by plane_total_variation.hpp.
///
/// A difference of means in the Gaussian part enters KL and Hellinger exactly and TV by its bound
/// TV <= sqrt(shift/(2 pi)), which is added to the error.
LawNumbers<double> compute_plane_numbers(const PlaneModel& model, const GaussianEnd& gaussian,
                                         const LawRequest& request, const LawOptions& options,
                                         double early_stopping_bound,
                                         const PlaneSettings& settings);

}  // namespace lemmabench
