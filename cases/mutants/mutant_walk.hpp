#pragma once

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>

#include "cases/mutants/bug.hpp"
#include "cases/walk.hpp"
#include "numerics/scalar.hpp"

namespace lemmabench {

/// A walk that hands everything on to another, with one bug between the sampler and it. One for
/// every step. A bug of another kind, or of amount nothing (factor 1, level 0), changes no byte.
template <class State, class Real>
class MutantWalk final : public Walk<State, Real> {
 public:
  MutantWalk(Walk<State, Real>& walk, const Step<Real>& c, const Bug& bug)
      : walk_(walk), c_(c), bug_(bug) {}

  State state() override { return walk_.state(); }
  State score(int t, const State& y) override {
    ++calls_;
    const int level = here(BugKind::score_level, calls_) ? std::clamp(t + whole(), 1, c_.steps) : t;
    return score_of(y, [&](const State& x) { return walk_.score(level, x); });
  }
  State score_at(const Level<Real>& level, const State& y) override {
    ++calls_;
    if (here(BugKind::score_grid, calls_)) {
      return walk_.score(std::clamp(c_.t + whole(), 1, c_.steps), y);
    }
    return score_of(y, [&](const State& x) { return walk_.score_at(level, x); });
  }
  State data_mean() override { return walk_.data_mean(); }
  void remember(int slot, const State& y) override { walk_.remember(slot, y); }
  State recall(int slot) override {
    return bug_.kind == BugKind::recall_scale ? scaled(walk_.recall(slot)) : walk_.recall(slot);
  }
  State add_noise(const State& y, const Real& sd) override {
    const std::optional<Real> wrong = noise(sd);
    return wrong ? walk_.add_noise(y, *wrong) : y;
  }
  State clip(const State& u, const Real& radius) override { return walk_.clip(u, radius); }
  State clamp(const State& u, const Real& bound) override { return walk_.clamp(u, bound); }
  void move(const State& mean, const Real& sd) override {
    const std::optional<Real> wrong = noise(sd);
    if (wrong) {
      walk_.move(overshot(mean), *wrong);
    } else {
      walk_.move(overshot(mean));
    }
    first_score_.reset();
  }
  void move(const State& mean) override {
    walk_.move(overshot(mean));
    first_score_.reset();
  }

 private:
  bool here(BugKind kind, int count) const {
    return bug_.kind == kind && (bug_.on == 0 || bug_.on == count);
  }
  /// A whole number by Bug::read.
  int whole() const { return static_cast<int>(bug_.by.to_double()); }
  State scaled(State y) const {
    return bug_.by == Rational(1) ? y : State(from_rational<Real>(bug_.by) * std::move(y));
  }

  template <class Ask>
  State score_of(const State& y, const Ask& ask) {
    if (here(BugKind::score_stale, calls_)) {
      return ask(walk_.state());
    }
    if (here(BugKind::score_cached, calls_) && first_score_) {
      return *first_score_;
    }
    State s = ask(y);
    if (here(BugKind::score_scale, calls_)) {
      s = scaled(std::move(s));
    }
    if (here(BugKind::clip, calls_)) {
      s = walk_.clip(s, from_rational<Real>(bug_.by));
    }
    if (bug_.kind == BugKind::score_cached && !first_score_) {
      first_score_ = s;
    }
    return s;
  }

  /// The sd in place of `sd`; none if there is no noise.
  std::optional<Real> noise(const Real& sd) {
    ++noises_;
    if (bug_.kind == BugKind::noise_late || bug_.kind == BugKind::noise_shared) {
      return noise_together(sd);
    }
    if (here(BugKind::noise_scale, noises_)) {
      if (bug_.by.sign() == 0) {
        return std::nullopt;
      }
      return bug_.by == Rational(1) ? sd : Real(from_rational<Real>(bug_.by) * sd);
    }
    if (here(BugKind::noise_squared, noises_)) {
      return Real(sd * sd);
    }
    if (here(BugKind::noise_bracket, noises_)) {
      Real out = sd;
      for (int k = 0; k < std::abs(whole()); ++k) {
        out = whole() > 0 ? Real(out * c_.sqrt_alpha) : Real(out / c_.sqrt_alpha);
      }
      return out;
    }
    return sd;
  }

  /// Withholds the noises before the n-th and adds them with it: their variances, or for one draw
  /// their sds.
  std::optional<Real> noise_together(const Real& sd) {
    using std::sqrt;
    const bool shared = bug_.kind == BugKind::noise_shared;
    const Real part = shared ? sd : Real(sd * sd);
    if (noises_ > bug_.on) {
      return sd;
    }
    withheld_ = withheld_ ? Real(*withheld_ + part) : part;
    if (noises_ < bug_.on) {
      return std::nullopt;
    }
    return shared ? *withheld_ : Real(sqrt(*withheld_));
  }

  State overshot(const State& mean) {
    if (bug_.kind != BugKind::overshoot || bug_.by.sign() == 0) {
      return mean;
    }
    return mean + from_rational<Real>(bug_.by) * (mean - walk_.state());
  }

  Walk<State, Real>& walk_;
  const Step<Real>& c_;
  const Bug& bug_;
  int calls_ = 0;
  int noises_ = 0;
  std::optional<State> first_score_;
  std::optional<Real> withheld_;
};

}  // namespace lemmabench
