#include "theory/targets/product_law.hpp"

#include <algorithm>

namespace lemmabench {

Rational CoordinateLaw::mean() const {
  if (gaussian()) {
    return components.front().mean;
  }
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

Rational CoordinateLaw::variance() const {
  return gaussian() ? components.front().variance : second_moment() - mean() * mean();
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

bool GaussianLaw::centred() const {
  return std::all_of(coordinates.begin(), coordinates.end(),
                     [](const CoordinateLaw& c) { return c.mean().sign() == 0; });
}

CoordinateLaw gaussian_block(const Rational& variance, const Rational& mean, long multiplicity) {
  return {{{Rational(1), mean, variance}}, multiplicity};
}

}  // namespace lemmabench
