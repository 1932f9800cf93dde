#pragma once

#include <cmath>
#include <string>

#include "cases/sampler.hpp"

namespace lemmabench {

/// Y_{t-1} = (Y_t + b s_t(Y_t) + sqrt(b) Z)/sqrt(alpha_t)   [Q: LY (2.4)].
/// An Euler step of the probability flow at fixed signal from noise variance 1-abar_t down to
/// 1-abar_t-2b, then noise of variance b back up [Q: LY (4.13)-(4.18)].
class Ddpm {
 public:
  explicit Ddpm(Spec&) {}
  static const SamplerInfo& info() {
    static constexpr SamplerInfo kInfo{
        .id = "ddpm",
        .title = "the standard stochastic sampler",
        .formula = "Y_{t-1} = (Y_t + b s_t(Y_t) + sqrt(b) Z)/sqrt(alpha_t)",
        .source = "LY = Li & Yan, arXiv 2409.18959, eq. (2.4)",
        .tag = "quoted",
        .options = "",
        .score_calls = 1,
        .deterministic = false,
        .order_single_gaussian = 1,
        .order_mixture = 1,
        .path_kernel = true};
    return kInfo;
  }
  std::string text() const { return "ddpm"; }

  template <class State, class Real>
  void step(const Step<Real>& c, Walk<State, Real>& walk) const {
    using std::sqrt;
    const State y = walk.state();
    walk.move((y + c.b * walk.score(c.t, y)) / c.sqrt_alpha, sqrt(c.b) / c.sqrt_alpha);
  }
};

}  // namespace lemmabench
