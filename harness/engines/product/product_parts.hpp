#pragma once

#include <vector>

#include "theory/targets/product_law.hpp"

namespace lemmabench {

/// A product law as this engine carries it: mixtures on the line, each by itself, and Gaussian
/// coordinates, all together.
struct ProductParts {
  std::vector<CoordinateLaw> factors;
  GaussianLaw gaussian;  ///< no blocks if there is none
  bool turned = false;   ///< coordinates of another target after a rotation

  long dim() const;
};

/// The coordinates that are Gaussian in `gaussian`, the others in `factors`; if all are Gaussian,
/// all in `factors`: a Gaussian law that is asked for as a product is wanted from the line law,
/// which carries steps that are not affine, too.
ProductParts parts_of(const ProductLaw& law);
/// All in `factors`, for what leaves no Gaussian law.
ProductParts as_mixtures(ProductParts parts);

}  // namespace lemmabench
