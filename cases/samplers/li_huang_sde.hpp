#pragma once

#include <cmath>
#include <string>

#include "cases/sampler.hpp"

namespace lemmabench {

/// The accelerated stochastic sampler of ACC (Li, Huang, Efimov, Wei, Chi, Chen):
///   Y_plus  = Y_t + sqrt(b/2) Z
///   Y_{t-1} = (Y_plus + b s_t(Y_plus) + sqrt(b/2) Z')/sqrt(alpha_t)
/// [R: from memory of ACC, confirmed by its order on Gaussians]. Two kernels a step. With the last
/// noise outside the bracket, as one public listing prints it, the Gaussian order drops to 1.
class LiHuangSde {
 public:
  explicit LiHuangSde(Spec&) {}
  static const SamplerInfo& info() {
    static constexpr SamplerInfo kInfo{
        .id = "li-huang-sde",
        .title = "accelerated stochastic sampler of ACC (reconstruction)",
        .formula =
            "Y_plus = Y_t + sqrt(b/2) Z; "
            "Y_{t-1} = (Y_plus + b s_t(Y_plus) + sqrt(b/2) Z')/sqrt(alpha_t)",
        .source = "from memory of ACC = arXiv 2403.03852, confirmed by its Gaussian order",
        .tag = "reconstructed",
        .options = "",
        .score_calls = 1,
        .deterministic = false,
        .order_single_gaussian = 2,
        .order_mixture = 0,
        .path_kernel = false};
    return kInfo;
  }
  std::string text() const { return "li-huang-sde"; }

  template <class State, class Real>
  void step(const Step<Real>& c, Walk<State, Real>& walk) const {
    using std::sqrt;
    const Real half_noise = sqrt(c.b / 2);
    walk.move(walk.state(), half_noise);
    const State plus = walk.state();
    walk.move((plus + c.b * walk.score(c.t, plus)) / c.sqrt_alpha, half_noise / c.sqrt_alpha);
  }
};

}  // namespace lemmabench
