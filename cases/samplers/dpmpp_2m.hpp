#pragma once

#include <string>

#include "cases/sampler.hpp"
#include "cases/samplers/data_prediction.hpp"
#include "cases/samplers/sigma_scale.hpp"

namespace lemmabench {

/// DPM-Solver++(2M): two-step, data prediction, in lambda = log(1/sigma):
///   x' = (sigma'/sigma) x + (1 - e^{-h}) D~,   D~ = D + (D - D_old) h/(2 h_old),
/// x = y/sqrt(abar), h = log(sigma/sigma'), D the data prediction; the first step has D~ = D. At
/// fixed signal (cases/samplers/sigma_scale.hpp), with r = sqrt(1-h_t),
///   X' = Y + (b/(1+r)) s_t(Y) + (1-r) sqrt(abar_t) (D~ - D).
/// Exact where D is constant along the flow. Remembers D.
class Dpmpp2m {
 public:
  explicit Dpmpp2m(Spec&) {}
  static const SamplerInfo& info() {
    static constexpr SamplerInfo kInfo{
        .id = "dpmpp-2m",
        .title = "DPM-Solver++(2M), two-step in the data prediction",
        .formula =
            "x' = (sigma'/sigma) x + (1-e^{-h}) D~, D~ = D + (D-D_old) h/(2 h_old), D = "
            "(Y+(1-abar) s)/sqrt(abar), x = Y/sqrt(abar), h = log(sigma/sigma'); first step D~ = D",
        .source =
            "DPM-Solver++ = Lu, Zhou, Bao, Chen, Li & Zhu, arXiv 2211.01095; read in k-diffusion, "
            "sampling.py: sample_dpmpp_2m",
        .tag = "quoted",
        .options = "",
        .score_calls = 1,
        .deterministic = true,
        .order_single_gaussian = 2,
        .order_mixture = 2,
        .memory = true,
        .single_steps = false};
    return kInfo;
  }
  std::string text() const { return "dpmpp-2m"; }

  template <class State, class Real>
  void step(const Step<Real>& c, Walk<State, Real>& walk) const {
    using std::sqrt;
    if (c.from_noise()) {
      walk.remember(walk.data_mean());
      walk.move(from_noise(c, walk, Real(sqrt(c.noise_next))));
      return;
    }
    const State y = walk.state();
    const State s = walk.score(c.t, y);
    const State more = data_extrapolation(c, walk, y, s);
    const Real fall = c.h / (1 + sigma_ratio(c));  // 1-r
    walk.move((y + sigma_step(c) * s + fall * more) / c.sqrt_alpha);
  }
};

}  // namespace lemmabench
