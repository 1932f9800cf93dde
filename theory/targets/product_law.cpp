#include "theory/targets/product_law.hpp"

#include <algorithm>

namespace lemmabench {

Rational CoordinateLaw::mean() const {
  Rational sum;
  for (const Component& c : components) {
    sum = sum + c.weight * c.mean;
  }
  return sum;
}

Rational CoordinateLaw::second_moment() const {
  Rational sum;
  for (const Component& c : components) {
    sum = sum + c.weight * (c.mean * c.mean + c.variance);
  }
  return sum;
}

long ProductLaw::dim() const {
  long dim = 0;
  for (const CoordinateLaw& c : coordinates) {
    dim += c.multiplicity;
  }
  return dim;
}

bool ProductLaw::gaussian() const {
  return std::all_of(coordinates.begin(), coordinates.end(),
                     [](const CoordinateLaw& c) { return c.gaussian(); });
}

Rational ProductLaw::second_moment() const {
  Rational sum;
  for (const CoordinateLaw& c : coordinates) {
    sum = sum + Rational(c.multiplicity) * c.second_moment();
  }
  return sum;
}

}  // namespace lemmabench
