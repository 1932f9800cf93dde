#pragma once

#include <cmath>
#include <string>
#include <utility>

#include "cases/sampler.hpp"
#include "cases/samplers/li_cai_scales.hpp"

namespace lemmabench {

/// The midpoint form of the accelerated sampler (theory.md section 3 [R]):
///   Y_mid   = (Y_t + (b/2) s_t(Y_t))/sqrt(alpha_t) + sigma_t Z'
///   Y_{t-1} = (Y_t + b s_t(Y_t) + b clip_R{s_{t-1}(Y_mid)/sqrt(alpha_t) - s_t(Y_t)}
///              + sqrt(b) Z)/sqrt(alpha_t)
/// The printed update of Li & Cai (arXiv 2410.23285) could not be read: this is a reconstruction
/// that satisfies everything known of it. Level t-1 lies exactly half-way in noise variance between
/// 1-abar_t and 1-abar_t-2b, so the second score needs no correction for the grid.
class LiCai {
 public:
  explicit LiCai(Spec& spec) : scales_(spec) {}
  static const SamplerInfo& info() {
    static constexpr SamplerInfo kInfo{
        .id = "li-cai",
        .title = "accelerated sampler of Li & Cai, midpoint form (reconstruction)",
        .formula =
            "Y_mid = (Y_t + (b/2) s_t(Y_t))/sqrt(alpha_t) + sigma_t Z'; "
            "Y_{t-1} = (Y_t + b s_t(Y_t) + b clip_R{s_{t-1}(Y_mid)/sqrt(alpha_t) - s_t(Y_t)} "
            "+ sqrt(b) Z)/sqrt(alpha_t)",
        .source =
            "reconstructed from what is published of LC = Li & Cai, arXiv 2410.23285; the "
            "printed update could not be read",
        .tag = "reconstructed",
        .options = "clip=C (default off), kappa=K (default 0)",
        .score_calls = 2,
        .deterministic = false,
        .order_single_gaussian = 3,
        .order_mixture = 2,
        .path_kernel = true,
        .overshoots = true};
    return kInfo;
  }
  std::string text() const { return scales_.text("li-cai"); }

  template <class State, class Real>
  void step(const Step<Real>& c, Walk<State, Real>& walk) const {
    take(c, walk, scales_);
  }

  /// The step itself; li-cai-momentum starts with it.
  template <class State, class Real>
  static void take(const Step<Real>& c, Walk<State, Real>& walk, const LiCaiScales& scales) {
    using std::sqrt;
    const State y = walk.state();
    const State s = walk.score(c.t, y);
    const State mid = scales.blurred(c, walk, State((y + (c.b / 2) * s) / c.sqrt_alpha));
    // s + clip{second - s}, which is the second score itself where nothing is clipped.
    State second = walk.score(c.t - 1, mid) / c.sqrt_alpha;
    if (scales.clips()) {
      second = s + walk.clip(second - s, scales.radius(c));
    }
    walk.move((y + c.b * std::move(second)) / c.sqrt_alpha, sqrt(c.b) / c.sqrt_alpha);
  }

 private:
  LiCaiScales scales_;
};

}  // namespace lemmabench
