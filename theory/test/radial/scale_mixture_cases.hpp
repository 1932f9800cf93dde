#pragma once

#include "theory/targets/product_law.hpp"
#include "theory/targets/radial_law.hpp"

/// Finite scale mixtures for tests, and in d = 1 the same laws as mixtures on the line.
namespace lemmabench::test {

/// 1/2 N(0, 0.1 I) + 1/2 N(0, 4 I).
inline ScaleMixtureLaw two_scale(long dim) {
  return {dim, {{Rational(1, 2), Rational(1, 10)}, {Rational(1, 2), Rational(4)}}};
}
/// 0.2 N(0, 0.05 I) + 0.5 N(0, I) + 0.3 N(0, 3 I).
inline ScaleMixtureLaw three_scales(long dim) {
  return {dim,
          {{Rational(1, 5), Rational(1, 20)},
           {Rational(1, 2), Rational(1)},
           {Rational(3, 10), Rational(3)}}};
}
inline ScaleMixtureLaw one_scale(long dim) { return {dim, {{Rational(1), Rational(3, 10)}}}; }

inline CoordinateLaw on_the_line(const ScaleMixtureLaw& law) {
  CoordinateLaw out;
  for (const ScaleMixtureLaw::Atom& atom : law.atoms) {
    out.components.push_back({atom.weight, Rational(0), atom.variance});
  }
  return out;
}

}  // namespace lemmabench::test
