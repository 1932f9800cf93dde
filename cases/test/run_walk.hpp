#pragma once

#include <algorithm>
#include <cstddef>
#include <functional>
#include <utility>
#include <vector>

#include "cases/memory_slots.hpp"
#include "cases/sampler.hpp"
#include "cases/step.hpp"
#include "numerics/error.hpp"
#include "theory/process/forward.hpp"

namespace lemmabench::test {

template <class Real>
bool exactly_zero(const Real& x) {
  if constexpr (is_ball<Real>) {
    return x.exact() && x.contains_zero();
  } else {
    return x == 0;
  }
}

/// A whole run on the line as one affine form of Y_T and of every draw, under any score that is
/// affine in the point. Written apart from the engines: no draw is ever merged with another, the
/// coefficients keep their signs, and the law is read off at the end.
template <class Real>
class RunWalk final : public Walk<AffineForm<Real>, Real> {
 public:
  using State = AffineForm<Real>;
  using Score = std::function<AffineScore<Real>(const Level<Real>&)>;
  struct Kernel {
    int score_calls = 0;
    Real slope;  ///< of the state after it in Y_T
    Real noise;  ///< variance of the draw that ends it
  };

  /// Refers to the schedule.
  RunWalk(const Schedule<Real>& schedule, Score score)
      : schedule_(schedule), score_(std::move(score)), at_(constant(Real(0))) {
    at_.slope[0] = Real(1);
  }

  State state() override { return at_; }
  State score(int t, const State& y) override { return score_at(schedule_.level(t), y); }
  State score_at(const Level<Real>& level, const State& y) override {
    ++calls_;
    const AffineScore<Real> s = score_(level);
    return exactly_zero(s.slope) ? constant(s.offset) : s.slope * y + s.offset;
  }
  void remember(int slot, const State& y) override { memory_.remember(slot, y); }
  State recall(int slot) override { return memory_.recall(slot); }
  State add_noise(const State& y, const Real& sd) override { return y + sd * fresh(); }
  /// Of a number only: what clipping makes of a Gaussian is none.
  State clip(const State& u, const Real& radius) override {
    State settled = u;
    settled.settle();
    if (!all_zero(settled.slope) || !std::all_of(settled.noise.begin(), settled.noise.end(),
                                                 [](const auto& c) { return all_zero(c); })) {
      throw EngineRefusal("clips what is random");
    }
    const Real x = settled.offset.empty() ? Real(0) : settled.offset[0];
    if (certainly_less(x, radius) && certainly_less(Real(-x), radius)) {
      return u;
    }
    throw EngineRefusal("clips");
  }
  void move(const State& mean, const Real& sd) override {
    end_kernel(mean + sd * fresh(), Real(sd * sd));
  }
  void move(const State& mean) override { end_kernel(mean, Real(0)); }

  const std::vector<Kernel>& kernels() const { return kernels_; }
  /// How the state depends on Y_T, and what is added.
  Real slope() const { return at_.slope[0]; }
  Real offset() const { return at_.offset.empty() ? Real(0) : at_.offset[0]; }
  /// The coefficient of each draw; 0 of one that has no part in it.
  std::vector<Real> draws() const {
    std::vector<Real> out(drawn_, Real(0));
    for (std::size_t k = 0; k < at_.noise.size(); ++k) {
      out[k] = at_.noise[k].empty() ? Real(0) : at_.noise[k][0];
    }
    return out;
  }
  /// Mean and variance of the state if Y_T ~ N(start, spread).
  Real mean(const Real& start) const { return slope() * start + offset(); }
  Real variance(const Real& spread) const {
    Real out = slope() * slope() * spread;
    for (const Real& c : draws()) {
      out += c * c;
    }
    return out;
  }

 private:
  static State constant(const Real& x) {
    State out;
    out.slope = {Real(0)};
    out.offset = {x};
    return out;
  }
  static bool all_zero(const std::vector<Real>& column) {
    return std::all_of(column.begin(), column.end(), [](const Real& x) {
      if constexpr (is_ball<Real>) {
        return x.contains_zero();
      } else {
        return x == 0;
      }
    });
  }
  static bool certainly_less(const Real& x, const Real& y) {
    if constexpr (is_ball<Real>) {
      return x.less_than(y) == Truth::certainly;
    } else {
      return x < y;
    }
  }
  State fresh() {
    State out = constant(Real(0));
    out.noise.resize(++drawn_);
    out.noise.back() = {Real(1)};
    return out;
  }
  void end_kernel(State next, const Real& noise) {
    next.settle();
    at_ = std::move(next);
    memory_.end_kernel();
    kernels_.push_back({std::exchange(calls_, 0), at_.slope[0], noise});
  }

  const Schedule<Real>& schedule_;
  Score score_;
  State at_;
  MemorySlots<State> memory_;
  std::size_t drawn_ = 0;
  int calls_ = 0;
  std::vector<Kernel> kernels_;
};

/// The same run at points, on the states of the line law and of particles, with draws that are
/// handed in one after the other.
template <class Real>
class DrawnWalk final : public Walk<Batch<Real>, Real> {
 public:
  using State = Batch<Real>;
  DrawnWalk(const Schedule<Real>& schedule, typename RunWalk<Real>::Score score, State start,
            std::vector<Real> draws)
      : schedule_(schedule),
        score_(std::move(score)),
        at_(std::move(start)),
        draws_(std::move(draws)) {}

  State state() override { return at_; }
  State score(int t, const State& y) override { return score_at(schedule_.level(t), y); }
  State score_at(const Level<Real>& level, const State& y) override {
    const AffineScore<Real> s = score_(level);
    return s.slope * y + s.offset;
  }
  void remember(int slot, const State& y) override { memory_.remember(slot, y); }
  State recall(int slot) override { return memory_.recall(slot); }
  State add_noise(const State& y, const Real& sd) override { return y + Real(sd * next()); }
  State clip(const State&, const Real&) override { throw EngineRefusal("clips"); }
  void move(const State& mean, const Real& sd) override { move(mean + Real(sd * next())); }
  void move(const State& mean) override {
    at_ = mean;
    memory_.end_kernel();
  }

 private:
  Real next() { return draws_.at(drawn_++); }

  const Schedule<Real>& schedule_;
  typename RunWalk<Real>::Score score_;
  State at_;
  MemorySlots<State> memory_;
  std::vector<Real> draws_;
  std::size_t drawn_ = 0;
};

/// Takes every step of the schedule.
template <class State, class Real>
void run_steps(const Sampler& sampler, const Schedule<Real>& schedule, Walk<State, Real>& walk) {
  for (int t = schedule.steps(); t >= 2; --t) {
    sampler.step(make_step(schedule, t, 1), walk);
  }
}

}  // namespace lemmabench::test
