#pragma once

#include <cmath>
#include <string>

#include "cases/sampler.hpp"
#include "cases/samplers/noise_start.hpp"

namespace lemmabench {

/// As ddpm with the posterior variance: noise b (1-abar_{t-1})/(1-abar_t) in place of b/alpha_t.
/// On N(0, lambda I) its relative variance error times T/log T tends to -c1/2 for every lambda
/// (theory.md section 3 [D]).
class DdpmPosterior {
 public:
  explicit DdpmPosterior(Spec&) {}
  static const SamplerInfo& info() {
    static constexpr SamplerInfo kInfo{
        .id = "ddpm-posterior",
        .title = "ddpm with the posterior variance",
        .formula =
            "Y_{t-1} = (Y_t + b s_t(Y_t))/sqrt(alpha_t) + sqrt(b (1-abar_{t-1})/(1-abar_t)) Z",
        .source = "Ho, Jain & Abbeel 2020, Algorithm 2 with the posterior variance of eq. (7)",
        .tag = "quoted",
        .options = "",
        .score_calls = 1,
        .deterministic = false,
        .order_single_gaussian = 1,
        .order_mixture = 1,
        .path_kernel = false};
    return kInfo;
  }
  std::string text() const { return "ddpm-posterior"; }

  template <class State, class Real>
  void step(const Step<Real>& c, Walk<State, Real>& walk) const {
    using std::sqrt;
    if (c.from_noise()) {
      walk.move(from_noise(c, walk, Real(0)), sqrt(c.noise_next));
      return;
    }
    const State y = walk.state();
    const Real sd = sqrt(c.b * c.noise_next / c.noise);
    walk.move((y + c.b * walk.score(c.t, y)) / c.sqrt_alpha, sd);
  }
};

}  // namespace lemmabench
