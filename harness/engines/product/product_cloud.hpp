#pragma once

#include <optional>

#include "cases/targets/cloud.hpp"
#include "harness/engines/product/product_parts.hpp"
#include "theory/targets/product_law.hpp"

namespace lemmabench {

/// A cloud of equal isotropic covariances whose centres lie on one line, as the product it is after
/// a rotation (cloud_frame.hpp): a mixture along that line times an isotropic Gaussian, whose mean
/// is the line's distance from the origin. Nothing if the centres span more. Cost O(K d).
std::optional<ProductParts> collinear_product(const CloudTarget& target);

}  // namespace lemmabench
