#pragma once

#include <cmath>
#include <string>

#include "cases/sampler.hpp"

namespace lemmabench {

/// The overshooting sampler of JZ [Q: JZ] in Ornstein-Uhlenbeck time, abar = e^{-2 t}, with step
/// sizes h_k = t_k - t_{k-1}:
///   x_half = e^{h_k+h_{k-1}} x_k + (e^{h_k+h_{k-1}} - 1) s(t_k, x_k)
///   x_{k-1} = e^{-h_{k-1}} x_half + sqrt(1 - e^{-2 h_{k-1}}) Z:
/// the flow past the next level by the length of the next step, then noise back up. With
/// e^{-2 h_k} = alpha_t and a = alpha_t alpha_{t-1},
///   Y_{t-1} = (Y_t + (1 - sqrt(a)) s_t(Y_t))/sqrt(alpha_t) + sqrt(1-alpha_{t-1}) Z.
/// The last step, t = 2, has no next one and takes its own length for it (ours to choose).
class JainZhang {
 public:
  explicit JainZhang(Spec&) {}
  static const SamplerInfo& info() {
    static constexpr SamplerInfo kInfo{
        .id = "jain-zhang",
        .title = "the sampler of the sharp KL analysis: overshoot by the next step, noise back",
        .formula =
            "x_half = e^{h_k+h_{k-1}} x_k + (e^{h_k+h_{k-1}}-1) s(t_k, x_k); x_{k-1} = "
            "e^{-h_{k-1}} x_half + sqrt(1-e^{-2 h_{k-1}}) Z, abar = e^{-2t}; the last step takes "
            "h_{k-1} = h_k",
        .source = "JZ = Jain & Zhang, ICLR 2026",
        .tag = "quoted",
        .options = "",
        .score_calls = 1,
        .deterministic = false,
        .order_single_gaussian = 1,
        .order_mixture = 1};
    return kInfo;
  }
  std::string text() const { return "jain-zhang"; }

  template <class State, class Real>
  void step(const Step<Real>& c, Walk<State, Real>& walk) const {
    using std::sqrt;
    const bool last = c.t == 2;
    const Real noise = last ? c.b : c.b_next;
    const Real root = c.sqrt_alpha * (last ? c.sqrt_alpha : c.sqrt_alpha_next);
    // 1 - sqrt(a) = (1-a)/(1+sqrt(a)), 1-a = b_t + alpha_t b_{t-1}: nothing cancels.
    const Real slope = (c.b + c.alpha * noise) / (1 + root);
    const State y = walk.state();
    walk.move((y + slope * walk.score(c.t, y)) / c.sqrt_alpha, sqrt(noise));
  }
};

}  // namespace lemmabench
