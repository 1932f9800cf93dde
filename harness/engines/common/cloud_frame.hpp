#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "cases/targets/cloud.hpp"
#include "theory/targets/product_law.hpp"

namespace lemmabench {

/// A cloud of equal isotropic covariances whose centres span few dimensions, after a rotation: its
/// centres in coordinates of the affine space they span, times an isotropic Gaussian.
struct CloudFrame {
  std::vector<double> weights;
  /// A row of `dimensions` numbers a centre, about the foot of the origin in that space.
  std::vector<std::vector<double>> centres;
  std::size_t dimensions = 1;
  double variance = 1;
  /// The other coordinates: a block whose mean is the distance of the space from the origin, if it
  /// has one, and the rest.
  GaussianLaw gaussian;
};

/// Nothing if the covariances are not equal and isotropic, or if the centres span more than `most`
/// dimensions: if some centre is farther than 1e-12 of the widest distance from the space through
/// the mean of all. Laws are known to that accuracy. One dimension at
/// least. Cost O(K d).
std::optional<CloudFrame> frame_of(const CloudTarget& target, std::size_t most);

}  // namespace lemmabench
