#pragma once

#include <cmath>
#include <string>

#include "cases/sampler.hpp"

/// A sampler of one's own: run it with
///   lemmabench law --target mixture-three --sampler ./midpoint.hpp --steps 200
///   lemmabench law --target gauss-flat --sampler ./midpoint.hpp:weight=0.9 --steps 200
namespace mine {

using namespace lemmabench;

/// Y_mid = (Y_t + (b/2) s_t(Y_t))/sqrt(alpha);
/// Y_{t-1} = (Y_t + b ((1-w) s_t(Y_t) + w s_{t-1}(Y_mid)/sqrt(alpha)) + sqrt(b) Z)/sqrt(alpha):
/// between ddpm (weight w = 0) and the midpoint form of li-cai (w = 1, the default).
class Midpoint {
 public:
  /// Keys after the file's name come here; one that is not asked for is refused.
  explicit Midpoint(Spec& spec) : weight_(spec.number_or("weight", Rational(1))) {}

  static const SamplerInfo& info() {
    static constexpr SamplerInfo kInfo{.id = "midpoint",
                                       .title = "between ddpm and the midpoint form of li-cai",
                                       .options = "weight=W (default 1)",
                                       .score_calls = 2,
                                       .path_kernel = true};
    return kInfo;
  }
  std::string text() const { return "midpoint:weight=" + weight_.text(); }

  /// One step t -> t-1, the same code for every engine: a State has +, - and products with a Real.
  template <class State, class Real>
  void step(const Step<Real>& c, Walk<State, Real>& walk) const {
    using std::sqrt;
    const Real w = from_rational<Real>(weight_);
    const State y = walk.state();
    const State s = walk.score(c.t, y);
    const State mid = (y + (c.b / 2) * s) / c.sqrt_alpha;
    const State lower = walk.score(c.t - 1, mid) / c.sqrt_alpha;
    walk.move((y + (c.b * (1 - w)) * s + (c.b * w) * lower) / c.sqrt_alpha,
              sqrt(c.b) / c.sqrt_alpha);
  }

 private:
  Rational weight_;
};

}  // namespace mine
