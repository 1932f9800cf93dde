#pragma once

#include <cmath>
#include <string>
#include <utility>

#include "cases/sampler.hpp"
#include "cases/samplers/li_cai.hpp"
#include "cases/samplers/li_cai_scales.hpp"

namespace lemmabench {

/// The momentum form of the accelerated sampler (theory.md section 3 [R]):
///   Y_back  = sqrt(alpha_{t+1}) (Y_t - (b1/2) s_t(Y_t)) + sigma_t Z'
///   Y_{t-1} = (Y_t + b s_t(Y_t) + (b^2/b1) clip_R{s_t(Y_t) - sqrt(alpha_{t+1}) s_{t+1}(Y_back)}
///              + sqrt(b) Z)/sqrt(alpha_t)
/// The stochastic form of the ODE correction of ACC (arXiv 2403.03852); a reconstruction of the
/// sampler of Li & Cai, whose printed update could not be read. The first step t = T has no level
/// t+1 and takes the midpoint form.
class LiCaiMomentum {
 public:
  explicit LiCaiMomentum(Spec& spec) : scales_(spec) {}
  static const SamplerInfo& info() {
    static constexpr SamplerInfo kInfo{
        .id = "li-cai-momentum",
        .title = "accelerated sampler of Li & Cai, momentum form (reconstruction)",
        .formula =
            "Y_back = sqrt(alpha_{t+1}) (Y_t - (b1/2) s_t(Y_t)) + sigma_t Z'; "
            "Y_{t-1} = (Y_t + b s_t(Y_t) + (b^2/b1) clip_R{s_t(Y_t) - sqrt(alpha_{t+1}) "
            "s_{t+1}(Y_back)} + sqrt(b) Z)/sqrt(alpha_t); t = T takes the li-cai step",
        .source =
            "reconstructed from what is published of LC = Li & Cai, arXiv 2410.23285; the "
            "printed update could not be read",
        .tag = "reconstructed",
        .options = "clip=C (default off), kappa=K (default 0)",
        .score_calls = 2,
        .deterministic = false,
        .order_single_gaussian = 2,
        .order_mixture = 2,
        .path_kernel = true,
        .overshoots = true};
    return kInfo;
  }
  std::string text() const { return scales_.text("li-cai-momentum"); }

  template <class State, class Real>
  void step(const Step<Real>& c, Walk<State, Real>& walk) const {
    using std::sqrt;
    if (c.first()) {
      LiCai::take(c, walk, scales_);
      return;
    }
    const State y = walk.state();
    const State s = walk.score(c.t, y);
    const State back = scales_.blurred(c, walk, State(c.sqrt_alpha1 * (y - (c.b1 / 2) * s)));
    State correction = s - c.sqrt_alpha1 * walk.score(c.t + 1, back);
    const Real weight = c.b * c.b / c.b1;
    walk.move(
        (y + c.b * s + weight * scales_.clipped(c, walk, std::move(correction))) / c.sqrt_alpha,
        sqrt(c.b) / c.sqrt_alpha);
  }

 private:
  LiCaiScales scales_;
};

}  // namespace lemmabench
