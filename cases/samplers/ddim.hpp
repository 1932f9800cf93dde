#pragma once

#include <string>

#include "cases/sampler.hpp"

namespace lemmabench {

/// Y_{t-1} = (Y_t + (b/2) s_t(Y_t))/sqrt(alpha_t)   [Q: SGM (23)]: one Euler step of the
/// probability flow, no noise.
class Ddim {
 public:
  explicit Ddim(Spec&) {}
  static const SamplerInfo& info() {
    static constexpr SamplerInfo kInfo{
        .id = "ddim",
        .title = "the standard deterministic sampler",
        .formula = "Y_{t-1} = (Y_t + (b/2) s_t(Y_t))/sqrt(alpha_t)",
        .source = "SGM = Li, Wei, Chen & Chi, arXiv 2306.09251, eq. (23)",
        .tag = "quoted",
        .options = "",
        .score_calls = 1,
        .deterministic = true,
        .order_single_gaussian = 1,
        .order_mixture = 1,
        .extra_logs = 1,
        .path_kernel = false};
    return kInfo;
  }
  std::string text() const { return "ddim"; }

  template <class State, class Real>
  void step(const Step<Real>& c, Walk<State, Real>& walk) const {
    const State y = walk.state();
    walk.move((y + (c.b / 2) * walk.score(c.t, y)) / c.sqrt_alpha);
  }
};

}  // namespace lemmabench
