#pragma once

#include <cmath>
#include <string>

#include "cases/sampler.hpp"

// Samplers with one planted mistake each. They are data: a check that does not tell them from the
// real ones checks nothing.
namespace lemmabench::test {

#define LEMMABENCH_MUTANT_FRAME(Class, name, line)                                  \
 public:                                                                            \
  explicit Class(Spec&) {}                                                          \
  static const SamplerInfo& info() {                                                \
    static constexpr SamplerInfo kInfo{.id = name, .title = line, .tag = "mutant"}; \
    return kInfo;                                                                   \
  }                                                                                 \
  std::string text() const { return name; }

/// li-huang-sde as one public listing prints it: the last noise outside the bracket.
class NoiseOutsideBracket {
  LEMMABENCH_MUTANT_FRAME(NoiseOutsideBracket, "li-huang-sde-outside", "last noise outside bracket")
  template <class State, class Real>
  void step(const Step<Real>& c, Walk<State, Real>& walk) const {
    using std::sqrt;
    const Real half_noise = sqrt(c.b / 2);
    walk.move(walk.state(), half_noise);
    const State plus = walk.state();
    walk.move((plus + c.b * walk.score(c.t, plus)) / c.sqrt_alpha, half_noise);
  }
};

/// li-cai-momentum with half the weight of the correction.
class HalvedMomentum {
  LEMMABENCH_MUTANT_FRAME(HalvedMomentum, "li-cai-momentum-halved", "half the correction")
  template <class State, class Real>
  void step(const Step<Real>& c, Walk<State, Real>& walk) const {
    using std::sqrt;
    const State y = walk.state();
    const State s = walk.score(c.t, y);
    if (c.first()) {
      walk.move((y + c.b * s) / c.sqrt_alpha, sqrt(c.b) / c.sqrt_alpha);
      return;
    }
    const State back = c.sqrt_alpha1 * (y - (c.b1 / 2) * s);
    const State correction = s - c.sqrt_alpha1 * walk.score(c.t + 1, back);
    const Real weight = c.b * c.b / (c.b1 * 2);
    walk.move((y + c.b * s + weight * correction) / c.sqrt_alpha, sqrt(c.b) / c.sqrt_alpha);
  }
};

/// li-cai whose second score is taken at level t instead of t-1.
class WrongNeighbour {
  LEMMABENCH_MUTANT_FRAME(WrongNeighbour, "li-cai-wrong-level", "second score at the wrong level")
  template <class State, class Real>
  void step(const Step<Real>& c, Walk<State, Real>& walk) const {
    using std::sqrt;
    const State y = walk.state();
    const State s = walk.score(c.t, y);
    const State mid = (y + (c.b / 2) * s) / c.sqrt_alpha;
    walk.move((y + (c.b / c.sqrt_alpha) * walk.score(c.t, mid)) / c.sqrt_alpha,
              sqrt(c.b) / c.sqrt_alpha);
  }
};

#undef LEMMABENCH_MUTANT_FRAME

/// A mutant as a Sampler.
template <class Mutant>
SamplerModel<Mutant> make_mutant() {
  Spec none = Spec::parse("mutant", "test");
  return SamplerModel<Mutant>(none);
}

}  // namespace lemmabench::test
