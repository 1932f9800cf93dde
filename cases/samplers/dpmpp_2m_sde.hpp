#pragma once

#include <cmath>
#include <string>

#include "cases/sampler.hpp"
#include "cases/samplers/data_prediction.hpp"

namespace lemmabench {

/// DPM-Solver++(2M) SDE with eta = 1 and the midpoint form, the defaults there: with h, D, D~ as in
/// dpmpp-2m,
///   x' = (sigma'/sigma) e^{-h} x + (1 - e^{-2h}) D~ + sigma' sqrt(1 - e^{-2h}) Z.
/// At fixed signal (cases/samplers/sigma_scale.hpp), where e^{-2h} = 1-h_t,
///   X' = Y + b s_t(Y) + h_t sqrt(abar_t) (D~ - D) + sqrt(b (1-h_t)) Z:
/// ddpm-posterior with the data prediction extrapolated. Exact where D is constant along the flow.
/// Remembers D.
class Dpmpp2mSde {
 public:
  explicit Dpmpp2mSde(Spec&) {}
  static const SamplerInfo& info() {
    static constexpr SamplerInfo kInfo{
        .id = "dpmpp-2m-sde",
        .title = "DPM-Solver++(2M) SDE, eta = 1, midpoint form",
        .formula =
            "x' = (sigma'/sigma) e^{-h} x + (1-e^{-2h}) D~ + sigma' sqrt(1-e^{-2h}) Z, D~ = D + "
            "(D-D_old) h/(2 h_old); first step D~ = D",
        .source =
            "DPM-Solver++ = Lu, Zhou, Bao, Chen, Li & Zhu, arXiv 2211.01095; read in the "
            "k-diffusion of stable-diffusion-webui-forge, sampling.py: sample_dpmpp_2m_sde",
        .tag = "quoted",
        .options = "",
        .score_calls = 1,
        .deterministic = false,
        .order_single_gaussian = 2,
        .memory = true,
        .single_steps = false};
    return kInfo;
  }
  std::string text() const { return "dpmpp-2m-sde"; }

  template <class State, class Real>
  void step(const Step<Real>& c, Walk<State, Real>& walk) const {
    using std::sqrt;
    if (c.from_noise()) {
      walk.remember(walk.data_mean());
      walk.move(from_noise(c, walk, Real(0)), sqrt(c.noise_next));
      return;
    }
    const State y = walk.state();
    const State s = walk.score(c.t, y);
    const State more = data_extrapolation(c, walk, y, s);
    walk.move((y + c.b * s + c.h * more) / c.sqrt_alpha, sqrt(c.b * (1 - c.h)) / c.sqrt_alpha);
  }
};

}  // namespace lemmabench
