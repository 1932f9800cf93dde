#pragma once

#include "cases/sampler.hpp"

/// Does not compile: a state is no number, and has no product with a state.
class Broken {
 public:
  explicit Broken(lemmabench::Spec&) {}
  static const lemmabench::SamplerInfo& info() {
    static constexpr lemmabench::SamplerInfo kInfo{.id = "broken", .title = "does not compile"};
    return kInfo;
  }
  std::string text() const { return "broken"; }

  template <class State, class Real>
  void step(const lemmabench::Step<Real>& c, lemmabench::Walk<State, Real>& walk) const {
    const State y = walk.state();
    walk.move((y * y) / c.sqrt_alpha);
  }
};
