#pragma once

#include <cmath>
#include <string>

#include "cases/sampler.hpp"
#include "cases/samplers/sigma_scale.hpp"

namespace lemmabench {

/// The single-step second-order solver in lambda = log(sqrt(abar)/sqrt(1-abar)), r1 = 1/2: with
/// h = lambda_{t-1} - lambda_t and the middle level lambda_t + h/2,
///   u    = (alpha_mid/alpha_t) x - sigma_mid (e^{h/2} - 1) eps(x, t)
///   x'   = (alpha_{t-1}/alpha_t) x - sigma_{t-1} (e^h - 1) eps(u, mid)
/// (alpha = sqrt(abar), sigma = sqrt(1-abar) as there; eps = -sigma s). The middle level is no
/// level of the schedule: its sigma/alpha is the geometric mean of those of t and t-1. At fixed
/// signal (cases/samplers/sigma_scale.hpp), with v = 1-abar_t, r = sqrt(1-h_t), S the score there,
///   X_mid = Y + v (1 - sqrt(r)) s_t(Y),   X' = Y + (b sqrt(r)/(1+r)) S_mid(X_mid).
/// Exact where eps is constant along the flow. Down to a level without noise lambda has no middle;
/// that step is the first-order one, x' = D.
class DpmSolver2 {
 public:
  explicit DpmSolver2(Spec&) {}
  static const SamplerInfo& info() {
    static constexpr SamplerInfo kInfo{
        .id = "dpm-solver-2",
        .title = "DPM-Solver-2, single step, midpoint in lambda",
        .formula =
            "u = (alpha_mid/alpha_t) x - sigma_mid (e^{h/2}-1) eps(x, t); x' = "
            "(alpha_{t-1}/alpha_t) x - sigma_{t-1} (e^h-1) eps(u, mid), alpha = sqrt(abar), sigma "
            "= sqrt(1-abar), h = lambda_{t-1}-lambda_t, lambda = log(alpha/sigma), eps = -sigma s",
        .source =
            "DPM-Solver = Lu, Zhou, Bao, Chen, Li & Zhu, arXiv 2206.00927; read in their code, "
            "dpm_solver_pytorch.py: singlestep_dpm_solver_second_update, r1 = 1/2",
        .tag = "quoted",
        .options = "",
        .score_calls = 2,
        .deterministic = true,
        .order_single_gaussian = 2,
        .order_mixture = 2};
    return kInfo;
  }
  std::string text() const { return "dpm-solver-2"; }

  template <class State, class Real>
  void step(const Step<Real>& c, Walk<State, Real>& walk) const {
    using std::sqrt;
    const Real r = sigma_ratio(c);
    const Real euler = sigma_step(c);  // v (1-r)
    if (c.to_data()) {
      const State y = walk.state();
      walk.move((y + euler * walk.score(c.t, y)) / c.sqrt_alpha);
      return;
    }
    const SeenLevel<Real> middle = seen_level(c, Real(c.noise * r));
    const State y = walk.state();
    const State x = y + (euler / (1 + sqrt(r))) * walk.score(c.t, y);
    walk.move((y + (euler * sqrt(r)) * seen_score(walk, middle, x)) / c.sqrt_alpha);
  }
};

}  // namespace lemmabench
