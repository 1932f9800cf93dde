#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <string>

#include "cases/walk.hpp"
#include "numerics/affine_form.hpp"
#include "numerics/batch.hpp"
#include "numerics/displacement.hpp"
#include "numerics/error.hpp"
#include "numerics/finite.hpp"

namespace lemmabench {

template <class Real>
bool all_finite(const std::vector<Real>& values) {
  return std::all_of(values.begin(), values.end(), [](const Real& x) { return is_finite(x); });
}
template <class Real>
bool all_finite(const Batch<Real>& y) {
  return all_finite(y.values);
}
template <class Real>
bool all_finite(const AffineForm<Real>& y) {
  return is_finite(y.scale) && all_finite(y.slope) && all_finite(y.offset);
}
inline bool all_finite(const Displacement& y) {
  return is_finite(y.scale) && std::all_of(y.offset.begin(), y.offset.end(), [](const Lanes& x) {
           double sum = 0;
           for (std::size_t l = 0; l < kLanes; ++l) {
             sum += x.v[l];
           }
           return is_finite(sum);
         });
}
/// Other states are not looked into.
template <class State>
bool all_finite(const State&) {
  return true;
}

/// A walk that hands everything on to another and refuses what is not finite where a kernel ends:
/// an engine would say something else of it, or nothing. `sampler` names the culprit.
template <class State, class Real>
class CheckedWalk final : public Walk<State, Real> {
 public:
  CheckedWalk(Walk<State, Real>& walk, const Step<Real>& c, const std::string& sampler)
      : walk_(walk), c_(c), sampler_(sampler) {}

  State state() override { return walk_.state(); }
  State score(int t, const State& y) override { return walk_.score(t, y); }
  State score_at(const Level<Real>& level, const State& y) override {
    return walk_.score_at(level, y);
  }
  void remember(const State& y) override { walk_.remember(y); }
  State recall() override { return walk_.recall(); }
  State add_noise(const State& y, const Real& sd) override { return walk_.add_noise(y, sd); }
  State clip(const State& u, const Real& radius) override { return walk_.clip(u, radius); }
  void move(const State& mean, const Real& sd) override {
    require(all_finite(mean), "mean");
    require(is_finite(sd), "noise");
    walk_.move(mean, sd);
  }
  void move(const State& mean) override {
    require(all_finite(mean), "mean");
    walk_.move(mean);
  }

 private:
  void require(bool finite, const char* what) const {
    if (!finite) {
      throw NumericalFailure(fmt::format("{}: its {} is not finite in the step from t = {} of {}",
                                         sampler_, what, c_.t, c_.steps));
    }
  }

  Walk<State, Real>& walk_;
  const Step<Real>& c_;
  const std::string& sampler_;
};

}  // namespace lemmabench
