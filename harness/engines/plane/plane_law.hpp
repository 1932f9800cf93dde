#pragma once

#include <optional>

#include "cases/sampler.hpp"
#include "cases/score_estimate.hpp"
#include "cases/targets/cloud.hpp"
#include "harness/engines/plane/plane_numbers.hpp"
#include "theory/process/output_law.hpp"

namespace lemmabench {

/// A cloud of equal isotropic covariances whose centres span two dimensions, after a rotation
/// (cloud_frame.hpp). Nothing if they span more, or fewer (product_cloud.hpp).
std::optional<PlaneTarget> planar_cloud(const CloudTarget& target);

/// The plane law of theory.md section 4: K components of common isotropic variance whose centres
/// span a plane, in R^d. With the exact score a sampler without clip and intermediate noise keeps
/// the other d-2 coordinates Gaussian (gaussian_propagation.hpp) and acts on the plane alone.
///
/// There q_t = r p_t is carried as r on a uniform grid, a seventh of a component's deviation apart.
/// A kernel pushes it forward, g(u) = r(x) p_t(x)/|det m'(x)| at m(x) = u, by Newton's method with
/// the sampler's own Jacobian and tensor interpolation of r, which is smooth and near 1; the noise
/// is a convolution along each axis, right down to sd = 0. Distances are trapezoid sums, with an
/// accuracy that falls off exponentially in the spacing; TV has kinks and halves it until it stands
/// (plane_total_variation.hpp).
///
/// In double, twice: other spacings, orders and reach. The error is twice the difference, plus that
/// of TV's integral and the mass defect. Terms as of the product law. Deterministic samplers are
/// taken where their map is one-to-one. Observed errors in TV, 3 to 8 components at 4 to 10
/// deviations: 1e-9 to 5e-8, most where the modes meet. Cost: about 10 ms a step for both runs and
/// five components, and 0.5 to 3 s for the terms; it grows with the grid, (16 +
/// distance/deviation)^2 in area; the two runs share options.threads.
///
/// Fills everything of the result but `request`. Throws InputError (more than 15 digits) and
/// EngineRefusal: an estimated score, clip or noise inside a kernel, local errors, a map that is
/// not one-to-one, mass that leaves the grid, centres more than 200 deviations apart.
LawResult compute_plane_law(const PlaneTarget& target, const Sampler& sampler,
                            const ScoreEstimate& score, const LawRequest& request,
                            const LawOptions& options);

}  // namespace lemmabench
