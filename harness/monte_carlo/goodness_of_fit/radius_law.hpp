#pragma once

#include <functional>
#include <optional>

#include "cases/target.hpp"
#include "theory/mixture/vector_mixture.hpp"
#include "theory/process/schedule.hpp"
#include "theory/radial/radial_marginal.hpp"

namespace lemmabench {

using DistributionFunction = std::function<double(double)>;

/// P(|X_t| <= r): chi-square for a centred Gaussian of one variance, by quadrature for a
/// rotation-invariant target, F(r) - F(-r) for a mixture on the line; none for other targets and
/// for a sphere without noise, whose radius has no density. Error below 1e-7, far below every
/// sample's.
std::optional<DistributionFunction> radius_law(const Target& target, const Level<double>& level);
/// The same of a mixture of Gaussians itself: on the line, and of centred ones of one variance
/// each.
std::optional<DistributionFunction> radius_law(const VectorMixture& mixture);

/// The distribution function of |X| from the density of log(|X|/sqrt(d)): Gauss's rule on panels of
/// 1/64 of the density's width, between them the cubic through values and densities.
DistributionFunction radius_by_quadrature(const RadialMarginal& marginal);

}  // namespace lemmabench
