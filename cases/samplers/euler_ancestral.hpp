#pragma once

#include <fmt/format.h>

#include <cmath>
#include <string>

#include "cases/sampler.hpp"
#include "cases/samplers/noise_start.hpp"
#include "numerics/error.hpp"

namespace lemmabench {

/// Euler's method in sigma past the next level, then noise back up (k-diffusion):
///   sigma_up = min(sigma', eta sqrt(sigma'^2 (sigma^2 - sigma'^2)/sigma^2)),
///   sigma_down = sqrt(sigma'^2 - sigma_up^2),
///   x' = x + (sigma_down - sigma) eps + sigma_up Z,   sigma' = sigma_{t-1}.
/// In our coordinates (cases/samplers/sigma_scale.hpp), with h = h_t and q = (1-h)(1-eta^2 h),
///   sqrt(alpha_t) Y_{t-1} = Y_t + b (1 + eta^2 (1-h))/(1 + sqrt(q)) s_t(Y_t)
///                           + eta sqrt(b (1-h)) Z.
/// For eta = 1, the default there and here, sqrt(q) = 1-h and this is ddpm-posterior, exactly; for
/// eta = 0 it is ddim-coefficient. The minimum is never sigma' for eta <= 1.
class EulerAncestral {
 public:
  explicit EulerAncestral(Spec& spec) : eta_(spec.number_or("eta", Rational(1))) {
    if (eta_.sign() < 0 || eta_ > Rational(1)) {
      throw InputError(fmt::format("{}: must be from 0 (no noise) to 1", spec.where("eta")));
    }
  }
  static const SamplerInfo& info() {
    static constexpr SamplerInfo kInfo{
        .id = "euler-ancestral",
        .title = "Euler in sigma with ancestral noise; with eta=1 it equals ddpm-posterior",
        .formula =
            "sigma_up = eta sqrt(sigma'^2 (sigma^2-sigma'^2)/sigma^2), sigma_down = "
            "sqrt(sigma'^2-sigma_up^2); x' = x + (sigma_down-sigma) eps + sigma_up Z, with "
            "x = Y/sqrt(abar), sigma^2 = (1-abar)/abar, eps = -sqrt(1-abar) s",
        .source = "k-diffusion, sampling.py: sample_euler_ancestral and get_ancestral_step",
        .tag = "quoted",
        .options = "eta=E in [0, 1] (default 1)",
        .score_calls = 1,
        .deterministic = false,
        .order_single_gaussian = 1,
        .order_mixture = 1};
    return kInfo;
  }
  std::string text() const {
    return eta_ == Rational(1) ? "euler-ancestral" : "euler-ancestral:eta=" + eta_.text();
  }

  template <class State, class Real>
  void step(const Step<Real>& c, Walk<State, Real>& walk) const {
    using std::sqrt;
    const Real eta = from_rational<Real>(eta_);
    if (c.from_noise()) {
      start(c, walk, eta);
      return;
    }
    const Real kept = 1 - c.h;
    const Real q = kept * (1 - eta * eta * c.h);
    const Real slope = c.b * (1 + eta * eta * kept) / (1 + sqrt(q));
    const State y = walk.state();
    const State mean = (y + slope * walk.score(c.t, y)) / c.sqrt_alpha;
    if (eta_.sign() == 0) {
      walk.move(mean);
    } else {
      walk.move(mean, eta * sqrt(c.b * kept) / c.sqrt_alpha);
    }
  }

 private:
  /// The limit of a step as abar_t -> 0: q/alpha -> (1-abar_{t-1})(1-eta^2).
  template <class State, class Real>
  void start(const Step<Real>& c, Walk<State, Real>& walk, const Real& eta) const {
    using std::sqrt;
    const Real sd = sqrt(c.noise_next);
    const State mean = from_noise(c, walk, Real(sd * sqrt(1 - eta * eta)));
    if (eta_.sign() == 0) {
      walk.move(mean);
    } else {
      walk.move(mean, eta * sd);
    }
  }

  Rational eta_;
};

}  // namespace lemmabench
