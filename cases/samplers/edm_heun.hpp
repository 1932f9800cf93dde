#pragma once

#include <string>

#include "cases/sampler.hpp"
#include "cases/samplers/sigma_scale.hpp"

namespace lemmabench {

/// Heun's method in sigma (Karras et al. 2022, Algorithm 1 with sigma(t) = t, s(t) = 1):
///   d = (x - D)/sigma,   x_e = x + (sigma' - sigma) d,   d' the same at (x_e, sigma'),
///   x' = x + (sigma' - sigma) (d + d')/2,   sigma' = sigma_{t-1}.
/// A step to sigma' = 0 is Euler's, as in the paper (x' = x_e). At fixed signal
/// (cases/samplers/sigma_scale.hpp), r = sqrt(1-h_t),
///   X' = Y + (b/(1+r)) (s_t(Y) + r S_{t-1}(X_e))/2.   Exact where eps is constant along the flow.
class EdmHeun {
 public:
  explicit EdmHeun(Spec&) {}
  static const SamplerInfo& info() {
    static constexpr SamplerInfo kInfo{
        .id = "edm-heun",
        .title = "Karras et al. 2022, Algorithm 1: Heun's method in sigma",
        .formula =
            "d = (x-D)/sigma; x_e = x + (sigma'-sigma) d; d' = (x_e-D')/sigma'; x' = x + "
            "(sigma'-sigma) (d+d')/2, with x = Y/sqrt(abar), sigma^2 = (1-abar)/abar",
        .source =
            "EDM = Karras, Aittala, Aila & Laine, arXiv 2206.00364, Algorithm 1; read in their "
            "code, generate.py: edm_sampler",
        .tag = "quoted",
        .options = "",
        .score_calls = 2,
        .deterministic = true,
        .order_single_gaussian = 2,
        .order_mixture = 2};
    return kInfo;
  }
  std::string text() const { return "edm-heun"; }

  template <class State, class Real>
  void step(const Step<Real>& c, Walk<State, Real>& walk) const {
    const Real r = sigma_ratio(c);
    const Real euler = sigma_step(c);
    const State y = walk.state();
    const State s = walk.score(c.t, y);
    if (c.to_data()) {
      walk.move((y + euler * s) / c.sqrt_alpha);
      return;
    }
    const State next = walk.score(c.t - 1, (y + euler * s) / c.sqrt_alpha) / c.sqrt_alpha;
    walk.move((y + (euler / 2) * (s + r * next)) / c.sqrt_alpha);
  }
};

}  // namespace lemmabench
