#pragma once

#include <cmath>
#include <cstdlib>
#include <iostream>
#include <limits>
#include <stdexcept>
#include <string>
#include <vector>

#include "cases/sampler.hpp"

/// A planted bad sampler: ddpm that goes wrong in the way its key says, `bad.hpp:how=throw`.
class Bad {
 public:
  explicit Bad(lemmabench::Spec& spec) : how_(spec.word("how")) {
    if (how_ == "constructor") {
      throw std::runtime_error("no such thing");
    }
  }
  static const lemmabench::SamplerInfo& info() {
    static constexpr lemmabench::SamplerInfo kInfo{.id = "bad", .title = "goes wrong"};
    return kInfo;
  }
  std::string text() const { return "bad:how=" + how_; }

  template <class State, class Real>
  void step(const lemmabench::Step<Real>& c, lemmabench::Walk<State, Real>& walk) const {
    using std::sqrt;
    const State y = walk.state();
    Real b = c.b;
    if (c.t < c.steps) {
      misbehave();
      if (how_ == "nan") {
        b = b * sqrt(Real(-1));
      }
    }
    walk.move((y + b * walk.score(c.t, y)) / c.sqrt_alpha, sqrt(c.b) / c.sqrt_alpha);
  }

 private:
  void misbehave() const {
    if (how_ == "throw") {
      throw std::runtime_error("the sampler gave up");
    }
    if (how_ == "throw-int") {
      throw 7;
    }
    if (how_ == "crash") {
      volatile int* nowhere = nullptr;
      *nowhere = 1;
    }
    if (how_ == "exit") {
      std::exit(0);
    }
    if (how_ == "recurse") {
      recurse(1);
    }
    static std::vector<std::string> kept;
    while (how_ == "allocate") {
      kept.emplace_back(std::size_t{1} << 26, 'x');
    }
    while (how_ == "print") {
      std::cout << std::string(std::size_t{1} << 16, 'x');
    }
    volatile bool forever = how_ == "loop";
    while (forever) {
    }
  }
  static int recurse(volatile int depth) {
    volatile char frame[4096] = {};
    frame[depth % 4096] = 1;
    return recurse(depth + 1) + frame[0];
  }

  std::string how_;
};
