#pragma once

#include <fmt/format.h>

#include <cmath>
#include <string>

#include "cases/sampler.hpp"
#include "cases/samplers/sigma_scale.hpp"
#include "numerics/error.hpp"

namespace lemmabench {

/// Karras et al. 2022, Algorithm 2: noise up, then Heun's method in sigma down:
///   gamma = min(churn/T, sqrt(2)-1),   sigma^ = (1+gamma) sigma,
///   x^ = x + sqrt(sigma^^2 - sigma^2) S_noise Z,   d = (x^ - D)/sigma^,
///   x_e = x^ + (sigma' - sigma^) d,   d' the same at (x_e, sigma'),
///   x' = x^ + (sigma' - sigma^) (d + d')/2,   sigma' = sigma_{t-1}   (x' = x_e if sigma' = 0).
/// The level of sigma^ is none of the schedule's. There is no window [S_tmin, S_tmax]: noise is
/// added at every step; T, the number of levels, is what the paper divides by. Two kernels. At
/// fixed signal (cases/samplers/sigma_scale.hpp), v = 1-abar_t, v^ = (1+gamma)^2 v, k =
/// r/(1+gamma):
///   X' = X^ + v^ (1-k) (S_v^(X^) + k S_{t-1}(X_e))/2.
/// With churn=0 it is edm-heun. Exact where eps is constant along the flow.
class EdmStochastic {
 public:
  explicit EdmStochastic(Spec& spec)
      : churn_(spec.number_or("churn", kChurn)), inflation_(spec.number_or("noise", Rational(1))) {
    if (churn_.sign() < 0) {
      throw InputError(fmt::format("{}: must be 0 (no noise) or above", spec.where("churn")));
    }
    if (inflation_.sign() <= 0) {
      throw InputError(fmt::format("{}: S_noise must be above 0", spec.where("noise")));
    }
  }
  static const SamplerInfo& info() {
    static constexpr SamplerInfo kInfo{
        .id = "edm-stochastic",
        .title = "Karras et al. 2022, Algorithm 2: churn, then Heun's method in sigma",
        .formula =
            "gamma = min(churn/T, sqrt(2)-1); sigma^ = (1+gamma) sigma; x^ = x + "
            "sqrt(sigma^^2-sigma^2) S_noise Z; d = (x^-D)/sigma^; x_e = x^ + (sigma'-sigma^) d; "
            "d' = (x_e-D')/sigma'; x' = x^ + (sigma'-sigma^) (d+d')/2",
        .source =
            "EDM = Karras, Aittala, Aila & Laine, arXiv 2206.00364, Algorithm 2; read in their "
            "code, generate.py: edm_sampler",
        .tag = "quoted",
        .options = "churn=S (default 40), noise=S_noise (default 1)",
        .score_calls = 2,
        .deterministic = false,
        .order_single_gaussian = 2,
        .order_mixture = 2};
    return kInfo;
  }
  std::string text() const {
    std::string out = "edm-stochastic";
    if (churn_ != kChurn) {
      out += ":churn=" + churn_.text();
    }
    if (inflation_ != Rational(1)) {
      out += (churn_ != kChurn ? ",noise=" : ":noise=") + inflation_.text();
    }
    return out;
  }

  template <class State, class Real>
  void step(const Step<Real>& c, Walk<State, Real>& walk) const {
    using std::sqrt;
    const Real gamma = churn<Real>(c.steps);
    const Real grown = 1 + gamma;
    const Real v = c.noise * grown * grown;
    if (churn_.sign() > 0) {
      const Real added = c.noise * gamma * (2 + gamma);
      walk.move(walk.state(), from_rational<Real>(inflation_) * sqrt(added));
    }
    const Real k = sigma_ratio(c) / grown;
    // 1-k = (1-r+gamma)/(1+gamma), and v (1-r) is the Euler step of the plain method.
    const Real euler = grown * (sigma_step(c) + c.noise * gamma);
    const State y = walk.state();
    const State s = seen_score(walk, seen_level(c, v), y);
    if (c.to_data()) {
      walk.move((y + euler * s) / c.sqrt_alpha);
      return;
    }
    const State next = walk.score(c.t - 1, (y + euler * s) / c.sqrt_alpha) / c.sqrt_alpha;
    walk.move((y + (euler / 2) * (s + k * next)) / c.sqrt_alpha);
  }

 private:
  /// gamma = min(churn/T, sqrt(2)-1), decided exactly: (1 + churn/T)^2 against 2.
  template <class Real>
  Real churn(int steps) const {
    using std::sqrt;
    const Rational wanted = churn_ / Rational(steps);
    if ((wanted + Rational(1)) * (wanted + Rational(1)) < Rational(2)) {
      return from_rational<Real>(wanted);
    }
    return sqrt(Real(2)) - 1;
  }

  inline static const Rational kChurn{40};
  Rational churn_;
  Rational inflation_;
};

}  // namespace lemmabench
