#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "cases/memory_slots.hpp"
#include "cases/walk.hpp"
#include "numerics/affine_form.hpp"
#include "numerics/batch.hpp"
#include "numerics/displacement.hpp"
#include "numerics/error.hpp"
#include "numerics/finite.hpp"
#include "numerics/jet.hpp"
#include "numerics/sampler_misuse.hpp"
#include "numerics/scalar.hpp"

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
  const auto all_of = [](const auto& columns) {
    return std::all_of(columns.begin(), columns.end(),
                       [](const auto& column) { return all_finite(column); });
  };
  return is_finite(y.scale) && all_finite(y.slope) && all_finite(y.offset) && all_of(y.memory) &&
         all_of(y.noise);
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

/// True if y has the form of `own`, a vector that the walk gave: as many points, blocks or
/// coordinates. An engine reads as many as it gave.
template <class Real>
bool fits(const Batch<Real>& y, const Batch<Real>& own) {
  return y.copies > 0 && y.values.size() % y.copies == 0 && y.points() == own.points();
}
template <class Real>
bool fits(const AffineForm<Real>& y, const AffineForm<Real>& own) {
  const auto column = [&](const std::vector<Real>& x) {
    return x.empty() || x.size() == own.blocks();
  };
  return y.blocks() == own.blocks() && column(y.offset) &&
         std::all_of(y.memory.begin(), y.memory.end(), column) &&
         std::all_of(y.noise.begin(), y.noise.end(), column);
}
/// A state's own displacement has no offset: what the walk made since knows the size.
inline bool fits(const Displacement& y, const Displacement& own) {
  return y.offset.empty() || y.offset.size() == own.offset.size();
}
template <class State>
bool fits(const State&, const State&) {
  return true;
}

inline void learn_size(Displacement& own, const Displacement& made) {
  if (own.offset.empty()) {
    own.offset.resize(made.offset.size());
  }
}
template <class State>
void learn_size(State&, const State&) {}

/// True for 0 < abar, 0 < noise with abar + noise = 1 up to rounding.
template <class Real>
bool is_level(const Level<Real>& level) {
  if constexpr (is_ball<Real>) {
    const Ball gap = level.abar + level.noise - 1;
    return level.abar.positive() == Truth::certainly &&
           level.noise.positive() == Truth::certainly && gap.contains_zero();
  } else if constexpr (is_jet<Real>) {
    return true;
  } else {
    using std::fabs;
    return level.abar > 0 && level.noise > 0 && fabs(level.abar + level.noise - 1) < 1e-9;
  }
}

/// A walk that hands everything on to another and refuses what has no meaning or would be read
/// past its end there: levels that are not there, vectors of another walk, what is not finite. An
/// engine would say something else of it, or nothing, or crash. `sampler` names the culprit.
/// Vectors of an earlier kernel of the same walk are a FreeWalk's business (cases/free_walk.hpp).
template <class State, class Real>
class CheckedWalk final : public Walk<State, Real> {
 public:
  CheckedWalk(Walk<State, Real>& walk, const Step<Real>& c, const std::string& sampler)
      : walk_(walk), c_(c), sampler_(sampler) {}

  State state() override { return walk_.state(); }
  State score(int t, const State& y) override {
    if (t < 1 || t > c_.steps) {
      misuse(fmt::format("asks for the score at level {}; the levels are 1 to {}", t, c_.steps));
    }
    require(y, "point of a score");
    return made(walk_.score(t, y));
  }
  State score_at(const Level<Real>& level, const State& y) override {
    if (!is_level(level)) {
      misuse("asks for the score at a level without 0 < abar, 0 < noise and abar + noise = 1");
    }
    require(y, "point of a score");
    return made(walk_.score_at(level, y));
  }
  void remember(int slot, const State& y) override {
    require_memory_slot(slot);
    require(y, "memory");
    walk_.remember(slot, y);
  }
  State recall(int slot) override {
    require_memory_slot(slot);
    return made(walk_.recall(slot));
  }
  State add_noise(const State& y, const Real& sd) override {
    require(y, "point");
    require_finite(is_finite(sd), "noise");
    return made(walk_.add_noise(y, sd));
  }
  State clip(const State& u, const Real& radius) override {
    require(u, "clipped vector");
    if (!is_finite(radius) || certainly_negative(radius)) {
      misuse("clips to a radius that is negative or not finite");
    }
    return made(walk_.clip(u, radius));
  }
  State clamp(const State& u, const Real& bound) override {
    require(u, "clamped vector");
    if (!is_finite(bound) || certainly_negative(bound)) {
      misuse("clamps to a bound that is negative or not finite");
    }
    return made(walk_.clamp(u, bound));
  }
  void move(const State& mean, const Real& sd) override {
    require(mean, "mean");
    require_finite(is_finite(sd), "noise");
    walk_.move(mean, sd);
    own_.reset();
  }
  void move(const State& mean) override {
    require(mean, "mean");
    walk_.move(mean);
    own_.reset();
  }

 private:
  static bool certainly_negative(const Real& x) {
    if constexpr (is_ball<Real>) {
      return x.less_than(Ball(0)) == Truth::certainly;
    } else if constexpr (is_jet<Real>) {
      return false;
    } else {
      return x < 0;
    }
  }
  [[noreturn]] void misuse(const std::string& what) const {
    throw SamplerMisuse(
        fmt::format("{}: {}, in the step from t = {} of {}", sampler_, what, c_.t, c_.steps));
  }
  void require_finite(bool finite, const char* what) const {
    if (!finite) {
      throw NumericalFailure(fmt::format("{}: its {} is not finite in the step from t = {} of {}",
                                         sampler_, what, c_.t, c_.steps));
    }
  }
  State& own() {
    if (!own_) {
      own_ = walk_.state();
    }
    return *own_;
  }
  State made(State out) {
    learn_size(own(), out);
    return out;
  }
  /// Finite, and of the size of what the walk gives in this kernel.
  void require(const State& y, const char* what) {
    if (!fits(y, own())) {
      misuse(fmt::format("its {} is empty or a vector of another walk", what));
    }
    require_finite(all_finite(y), what);
  }

  Walk<State, Real>& walk_;
  const Step<Real>& c_;
  const std::string& sampler_;
  std::optional<State> own_;
};

}  // namespace lemmabench
