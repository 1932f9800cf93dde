#include "theory/targets/scale_mixture_law.hpp"

namespace lemmabench {

Rational ScaleMixtureLaw::variance() const {
  Rational sum(0);
  for (const Atom& atom : atoms) {
    sum = sum + atom.weight * atom.variance;
  }
  return sum;
}

}  // namespace lemmabench
