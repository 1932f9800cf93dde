#pragma once

#include <cmath>
#include <string>

#include "cases/sampler.hpp"
#include "cases/samplers/noise_start.hpp"
#include "cases/samplers/sigma_scale.hpp"

namespace lemmabench {

/// Y_{t-1} = Y_t/sqrt(alpha_t) + (sqrt(1-abar_{t-1}) - sqrt(1-abar_t)/sqrt(alpha_t)) e_t,
/// e_t = -sqrt(1-abar_t) s_t(Y_t)   [Q: ACC code]: an Euler step in sigma. Computed as
///   sqrt(alpha_t) Y_{t-1} = Y_t + (b/(1+r)) s_t(Y_t),   r = sqrt(1-h_t),
/// in which nothing cancels. Exact where e_t is constant along the flow.
class DdimCoefficient {
 public:
  explicit DdimCoefficient(Spec&) {}
  static const SamplerInfo& info() {
    static constexpr SamplerInfo kInfo{
        .id = "ddim-coefficient",
        .title = "the deterministic sampler with the coefficients of its original code",
        .formula =
            "Y_{t-1} = Y_t/sqrt(alpha_t) + (sqrt(1-abar_{t-1}) - sqrt(1-abar_t)/sqrt(alpha_t)) "
            "e_t, "
            "e_t = -sqrt(1-abar_t) s_t(Y_t)",
        .source = "the code of ACC = Li, Huang, Efimov, Wei, Chi & Chen, arXiv 2403.03852",
        .tag = "quoted",
        .options = "",
        .score_calls = 1,
        .deterministic = true,
        .order_single_gaussian = 1,
        .order_mixture = 1};
    return kInfo;
  }
  std::string text() const { return "ddim-coefficient"; }

  template <class State, class Real>
  void step(const Step<Real>& c, Walk<State, Real>& walk) const {
    using std::sqrt;
    if (c.from_noise()) {
      walk.move(from_noise(c, walk, Real(sqrt(c.noise_next))));
      return;
    }
    const State y = walk.state();
    walk.move((y + sigma_step(c) * walk.score(c.t, y)) / c.sqrt_alpha);
  }
};

}  // namespace lemmabench
