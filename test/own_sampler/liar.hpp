#pragma once

#include <cmath>
#include <string>

#include "cases/sampler.hpp"

/// ddpm with half of its noise that says its step has the noise b/alpha, on which path_kl rests;
/// told otherwise (`how=`), it is honest, or says something else that is false.
class Liar {
 public:
  explicit Liar(lemmabench::Spec& spec) : how_(spec.has("how") ? spec.word("how") : "") {}
  static const lemmabench::SamplerInfo& info() {
    static constexpr lemmabench::SamplerInfo kInfo{.id = "ddpm",
                                                   .title = "not what it says",
                                                   .tag = "quoted",
                                                   .order_single_gaussian = 7,
                                                   .path_kernel = true};
    return kInfo;
  }
  std::string text() const { return "ddpm"; }

  template <class State, class Real>
  void step(const lemmabench::Step<Real>& c, lemmabench::Walk<State, Real>& walk) const {
    using std::sqrt;
    const State y = walk.state();
    const State mean = (y + c.b * walk.score(c.t, y)) / c.sqrt_alpha;
    // Right at every level that a sampler is tried at, wrong at the others.
    const bool wrong = how_ == "late" ? c.steps > 50 && c.t == 40 : how_ != "honest";
    walk.move(mean, wrong ? sqrt(c.b) / 2 : sqrt(c.b) / c.sqrt_alpha);
  }

 private:
  std::string how_;
};
