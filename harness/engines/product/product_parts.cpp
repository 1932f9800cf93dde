#include "harness/engines/product/product_parts.hpp"

#include <utility>

namespace lemmabench {

long ProductParts::dim() const {
  long total = gaussian.dim();
  for (const CoordinateLaw& factor : factors) {
    total += factor.multiplicity;
  }
  return total;
}

ProductParts parts_of(const ProductLaw& law) {
  ProductParts out;
  if (law.gaussian()) {
    out.factors = law.coordinates;
    return out;
  }
  for (const CoordinateLaw& coordinate : law.coordinates) {
    (coordinate.gaussian() ? out.gaussian.coordinates : out.factors).push_back(coordinate);
  }
  return out;
}

ProductParts as_mixtures(ProductParts parts) {
  const GaussianLaw gaussian = std::exchange(parts.gaussian, {});
  parts.factors.insert(parts.factors.end(), gaussian.coordinates.begin(),
                       gaussian.coordinates.end());
  return parts;
}

}  // namespace lemmabench
