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
  std::vector<std::string> draws() const {
    return how_ == "draws" ? std::vector<std::string>{text()} : std::vector<std::string>{};
  }

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
    if (c.t == 2 && misuse(c, walk, y)) {
      return;
    }
    walk.move((y + b * walk.score(c.t, y)) / c.sqrt_alpha, sqrt(c.b) / c.sqrt_alpha);
  }

 private:
  /// What no walk is for; in the last step, where a level t-2 is not there.
  template <class State, class Real>
  bool misuse(const lemmabench::Step<Real>& c, lemmabench::Walk<State, Real>& walk,
              const State& y) const {
    if (how_ == "level-low") {
      walk.move(y + c.b * walk.score(c.t - 2, y), c.b);
    }
    if (how_ == "level-high") {
      walk.move(y + c.b * walk.score(c.steps + 1, y), c.b);
    }
    if (how_ == "level-between") {
      walk.move(y + c.b * walk.score_at({c.abar, c.abar + c.noise}, y), c.b);
    }
    if (how_ == "old-vector") {
      walk.move(y, c.b);
      walk.move(walk.state() + c.b * y, c.b);
    }
    if (how_ == "no-vector") {
      walk.move(State(), c.b);
    }
    if (how_ == "clip") {
      walk.move(walk.clip(walk.score(c.t, y), -c.b), c.b);
    }
    if (how_ == "two-noises") {
      walk.move(walk.add_noise(walk.add_noise(y, c.b), c.b), c.b);
    }
    if (how_ == "recall") {
      walk.move(y + c.b * walk.recall(), c.b);
    }
    if (how_ == "clamp") {
      walk.move(walk.clamp(walk.score(c.t, y), -c.b), c.b);
    }
    if (how_ == "other-slot") {
      walk.remember(2, y);
      walk.move(y, c.b);
      walk.move(walk.state() + c.b * walk.recall(2) + c.b * walk.recall(3), c.b);
    }
    if (how_ == "no-slot") {
      walk.remember(16, y);
    }
    if (how_ == "noise-nan") {
      walk.move(y, c.b * (c.b - c.b) / (c.b - c.b));
    }
    return how_ != "ok" && how_ != "draws";
  }

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
