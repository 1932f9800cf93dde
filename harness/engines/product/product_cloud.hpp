#pragma once

#include <optional>

#include "cases/targets/cloud.hpp"
#include "cases/targets/product.hpp"

namespace lemmabench {

/// A cloud of equal isotropic covariances whose centres lie on one line, as the product it is after
/// a rotation (cloud_frame.hpp): a mixture along that line times an isotropic Gaussian, whose mean
/// is the line's distance from the origin. Nothing if the centres span more. Cost O(K d).
std::optional<ProductTarget> collinear_product(const CloudTarget& target);

}  // namespace lemmabench
