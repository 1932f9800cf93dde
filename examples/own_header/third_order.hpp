#pragma once

#include <cmath>
#include <optional>
#include <string>

#include "cases/sampler.hpp"

/// A sampler with memory of two vectors, and a data prediction that may be clamped as image
/// samplers do:
///   lemmabench law --target mixture-three --sampler ./third_order.hpp --steps 40 --schedule karras
///   lemmabench law --target hypercube:dim=64,separation=1,variance=0.1 \
///       --sampler ./third_order.hpp:clamp=2 --steps 40 --schedule karras
namespace mine {

using namespace lemmabench;

/// DPM-Solver++(3M) as k-diffusion has it (dpmpp_3m_sde with eta = 0): with x = y/sqrt(abar), the
/// data prediction D and the step h = log(sigma/sigma') in lambda = -log sigma,
///   x' = e^-h x + (1 - e^-h) D + phi_2 d1 - phi_3 d2,  phi_2 = 1 - (1 - e^-h)/h, phi_3 = phi_2/h -
///   1/2,
/// d1 and d2 the derivatives of D in units of h, from D and those of the two steps before; without
/// what the first two steps do not have.
class ThirdOrder {
 public:
  explicit ThirdOrder(Spec& spec) {
    if (spec.has("clamp")) {
      bound_ = spec.number("clamp");
    }
  }
  static const SamplerInfo& info() {
    static constexpr SamplerInfo kInfo{.id = "third-order",
                                       .title = "DPM-Solver++(3M), with clamped data prediction",
                                       .options = "clamp=C (default off)",
                                       .score_calls = 1,
                                       .deterministic = true,
                                       .memory = true,
                                       .single_steps = false};
    return kInfo;
  }
  std::string text() const {
    return bound_ ? "third-order:clamp=" + bound_->text() : std::string("third-order");
  }

  template <class State, class Real>
  void step(const Step<Real>& c, Walk<State, Real>& walk) const {
    using std::sqrt;
    const Real ratio = sqrt(1 - c.h);  // sigma'/sigma
    const Real h = length(c, 0);
    const Real rest = c.h / (1 + ratio);  // 1 - e^-h
    const State y = walk.state();
    State d = (y + c.noise * walk.score(c.t, y)) / sqrt(c.abar);
    if (bound_) {
      d = walk.clamp(d, from_rational<Real>(*bound_));
    }
    State next = rest * d;
    const int before = c.steps - c.t;  // steps already taken
    if (before > 0) {
      const Real h1 = length(c, 1);
      const Real phi_2 = 1 - rest / h;
      const State old = walk.recall(0);
      const State slope = (h / h1) * (d - old);
      if (before == 1) {
        next = next + phi_2 * slope;
      } else {
        const Real h2 = length(c, 2);
        const State change = slope - (h / h2) * (old - walk.recall(1));
        const Real both = h1 + h2;
        const State first = slope + (h1 / both) * change;
        next = next + phi_2 * first - (phi_2 / h - Real(1) / 2) * ((h / both) * change);
      }
      walk.remember(1, old);
    }
    walk.remember(0, d);
    walk.move((ratio * y + sqrt(c.abar) * next) / c.sqrt_alpha);
  }

 private:
  /// The step in lambda, `back` steps ago.
  template <class Real>
  static Real length(const Step<Real>& c, int back) {
    using std::log1p;
    return log1p(Real(-(back == 0 ? c.h : c.schedule->h(c.t + back)))) / Real(-2);
  }

  std::optional<Rational> bound_;
};

}  // namespace mine
