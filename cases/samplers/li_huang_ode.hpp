#pragma once

#include <string>

#include "cases/sampler.hpp"

namespace lemmabench {

/// The accelerated deterministic sampler of ACC (Li, Huang, Efimov, Wei, Chi, Chen):
///   Y_back  = sqrt(alpha_{t+1}) (Y_t - (b1/2) s_t(Y_t))
///   Y_{t-1} = (Y_t + (b/2) s_t(Y_t) + (b^2/(4 b1)) (s_t(Y_t) - sqrt(alpha_{t+1}) s_{t+1}(Y_back)))
///             / sqrt(alpha_t)
/// [R: from memory of ACC, confirmed by its order on Gaussians]. The first step t = T is ddim.
class LiHuangOde {
 public:
  explicit LiHuangOde(Spec&) {}
  static const SamplerInfo& info() {
    static constexpr SamplerInfo kInfo{
        .id = "li-huang-ode",
        .title = "accelerated deterministic sampler of ACC (reconstruction)",
        .formula =
            "Y_back = sqrt(alpha_{t+1}) (Y_t - (b1/2) s_t(Y_t)); Y_{t-1} = (Y_t + (b/2) "
            "s_t(Y_t) + (b^2/(4 b1)) (s_t(Y_t) - sqrt(alpha_{t+1}) s_{t+1}(Y_back)))/"
            "sqrt(alpha_t); t = T takes the ddim step",
        .source = "from memory of ACC = arXiv 2403.03852, confirmed by its Gaussian order",
        .tag = "reconstructed",
        .options = "",
        .score_calls = 2,
        .deterministic = true,
        .order_single_gaussian = 2,
        .order_mixture = 0,
        .extra_logs = 1,
        .path_kernel = false};
    return kInfo;
  }
  std::string text() const { return "li-huang-ode"; }

  template <class State, class Real>
  void step(const Step<Real>& c, Walk<State, Real>& walk) const {
    const State y = walk.state();
    const State s = walk.score(c.t, y);
    if (c.first()) {
      walk.move((y + (c.b / 2) * s) / c.sqrt_alpha);
      return;
    }
    const State back = c.sqrt_alpha1 * (y - (c.b1 / 2) * s);
    const State correction = s - c.sqrt_alpha1 * walk.score(c.t + 1, back);
    const Real weight = c.b * c.b / (c.b1 * 4);
    walk.move((y + (c.b / 2) * s + weight * correction) / c.sqrt_alpha);
  }
};

}  // namespace lemmabench
