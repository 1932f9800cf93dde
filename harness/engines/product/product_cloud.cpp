#include "harness/engines/product/product_cloud.hpp"

#include <utility>

#include "harness/engines/common/cloud_frame.hpp"
#include "numerics/rational.hpp"

namespace lemmabench {

std::optional<ProductParts> collinear_product(const CloudTarget& target) {
  std::optional<CloudFrame> frame = frame_of(target, 1);
  if (!frame) {
    return std::nullopt;
  }
  const auto exact = [](double x) { return Rational::from_double(x, "cloud"); };
  CoordinateLaw line;
  for (std::size_t k = 0; k < frame->weights.size(); ++k) {
    line.components.push_back(
        {exact(frame->weights[k]), exact(frame->centres[k][0]), exact(frame->variance)});
  }
  return ProductParts{
      .factors = {std::move(line)}, .gaussian = std::move(frame->gaussian), .turned = true};
}

}  // namespace lemmabench
