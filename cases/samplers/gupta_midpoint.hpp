#pragma once

#include <cmath>
#include <string>
#include <vector>

#include "cases/sampler.hpp"
#include "cases/samplers/random_times.hpp"

namespace lemmabench {

/// The randomised midpoint of GCC [R: GCC], in Ornstein-Uhlenbeck time, abar = e^{-2t}: with
/// u ~ U[0, 1] drawn anew at every step and h the step,
///   x_half = e^{u h} x + (e^{u h} - 1) s_t(x)
///   x_next = e^h x + h e^{(1-u) h} s_{t-uh}(x_half).
/// The predictor alone, without the Langevin corrector of the paper. Given the times it is
/// deterministic; over u it is unbiased for the integral of e^{h-r} s_{t-r} over r in [0, h]. Exact
/// where that integrand is constant. All states share one draw of the times.
class GuptaMidpoint {
 public:
  explicit GuptaMidpoint(Spec& spec) : times_(spec) {}
  static const SamplerInfo& info() {
    static constexpr SamplerInfo kInfo{
        .id = "gupta-midpoint",
        .title = "randomised midpoint of GCC, the predictor (reconstruction)",
        .formula =
            "x_half = e^{uh} x + (e^{uh}-1) s_t(x); x_next = e^h x + h e^{(1-u)h} "
            "s_{t-uh}(x_half), u ~ U[0,1], abar = e^{-2t}",
        .source =
            "reconstructed from what is published of GCC = Gupta, Cai & Chen, arXiv 2406.00924; "
            "without its corrector",
        .tag = "reconstructed",
        .options = "draws=N (default 32) or draw=K, seed=S (default 1)",
        .score_calls = 2,
        .deterministic = true};
    return kInfo;
  }
  std::string text() const { return named(times_.keys()); }
  std::vector<std::string> draws() const {
    return times_.draws([&](const std::string& keys) { return named(keys); });
  }

  template <class State, class Real>
  void step(const Step<Real>& c, Walk<State, Real>& walk) const {
    using std::exp;
    using std::expm1;
    using std::log1p;
    const Real h = log1p(Real(-c.b)) / (-2);  // e^{-2h} = alpha
    const Real part = times_.uniform<Real>(c.t, 0) * h;
    const State y = walk.state();
    const State half = y + expm1(part) * (y + walk.score(c.t, y));
    const Real grown = c.abar * expm1(Real(part * 2));  // of abar
    const Level<Real> level{c.abar + grown, c.noise - grown};
    const Real weight = h * exp(Real(h - part));
    walk.move(y / c.sqrt_alpha + weight * walk.score_at(level, half));
  }

 private:
  static std::string named(const std::string& keys) {
    return keys.empty() ? "gupta-midpoint" : "gupta-midpoint:" + keys;
  }

  RandomTimes times_;
};

}  // namespace lemmabench
