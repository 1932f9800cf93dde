#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "cases/samplers/expression_steps.hpp"
#include "numerics/error.hpp"
#include "numerics/finite.hpp"
#include "numerics/quoted.hpp"
#include "numerics/scalar.hpp"

namespace lemmabench {

/// The value of what a file gives, at one step. Throws InputError for what is no number or out of
/// its range, NumericalFailure where balls are too wide to tell.
template <class Real>
class FileNumbers {
 public:
  explicit FileNumbers(const Step<Real>& c) : c_(c) {}

  Real value(const Coefficient& coefficient) const {
    Real out = coefficient.value.value(c_);
    if (is_finite(out)) {
      return out;
    }
    if constexpr (is_ball<Real>) {
      // Words only: what is finite at the middle of the balls may be so with narrower ones.
      if (coefficient.value.value(at_midpoint(c_)).finite()) {
        throw NumericalFailure(text(coefficient, "may be no finite number"));
      }
    }
    throw InputError(text(coefficient, "is no finite number"));
  }

  /// A radius or bound: 0 or more.
  Real bound(const Coefficient& coefficient) const {
    Real out = value(coefficient);
    require(not_negative(out), coefficient, "below 0, and nothing is cut off there");
    return out;
  }

  Level<Real> level(const OwnLevel& own) const {
    using std::exp;
    Real x = value(own.value);
    const auto of_variance = [](const Real& v) {
      return Level<Real>{Real(1 / (1 + v)), Real(v / (1 + v))};
    };
    switch (own.unit) {
      case OwnLevel::Unit::noise:
        require_fraction(x, own.value);
        return {Real(1 - x), x};
      case OwnLevel::Unit::abar:
        require_fraction(x, own.value);
        return {x, Real(1 - x)};
      case OwnLevel::Unit::sigma:
        require(positive(x), own.value, "not above 0, as the sigma of a level is");
        return of_variance(Real(x * x));
      default:
        return of_variance(Real(exp(Real(x * -2))));
    }
  }

 private:
  std::string text(const Coefficient& coefficient, std::string_view trouble) const {
    return fmt::format("{}: '{}' {} at t = {} of {}", coefficient.origin, quoted(coefficient.text),
                       trouble, c_.t, c_.steps);
  }

  void require(Truth right, const Coefficient& coefficient, std::string_view trouble) const {
    if (right == Truth::certainly_not) {
      throw InputError(text(coefficient, fmt::format("is {}", trouble)));
    }
    if (right == Truth::unknown) {
      throw NumericalFailure(text(coefficient, fmt::format("may be {}", trouble)));
    }
  }
  void require_fraction(const Real& x, const Coefficient& coefficient) const {
    constexpr std::string_view kTrouble = "not between 0 and 1, as a level's is";
    require(positive(x), coefficient, kTrouble);
    require(positive(Real(1 - x)), coefficient, kTrouble);
  }

  // Series are not looked into.
  static Truth positive(const Real& x) {
    if constexpr (is_ball<Real>) {
      return x.positive();
    } else if constexpr (is_jet<Real>) {
      return Truth::certainly;
    } else {
      return x > 0 ? Truth::certainly : Truth::certainly_not;
    }
  }
  static Truth not_negative(const Real& x) {
    switch (positive(Real(-x))) {
      case Truth::certainly:
        return is_jet<Real> ? Truth::certainly : Truth::certainly_not;
      case Truth::certainly_not:
        return Truth::certainly;
      default:
        return Truth::unknown;
    }
  }

  /// The coefficients without their radii.
  static Step<Real> at_midpoint(Step<Real> c) {
    for (Real* x : {&c.abar, &c.noise, &c.noise_next, &c.alpha, &c.sqrt_alpha, &c.b, &c.h,
                    &c.sqrt_alpha1, &c.b1, &c.sqrt_alpha_next, &c.b_next}) {
      *x = x->midpoint();
    }
    return c;
  }

  const Step<Real>& c_;
};

/// One step of a walk by the stages of a file. A coefficient is evaluated once a step, not once a
/// point.
///
/// What later steps ask for is remembered in slots, for every name one more than its longest lag:
/// slot j > 0 holds the point of the step that is j steps before the next one, slot 0 that of this
/// step where a kernel ends between the point and the end of the step.
template <class State, class Real>
class StageRun {
 public:
  StageRun(const ExpressionSteps& steps, const Step<Real>& c, Walk<State, Real>& walk)
      : steps_(steps),
        list_(steps.at(c.t, c.steps)),
        c_(c),
        numbers_(c),
        walk_(walk),
        points_(list_.stages.size()),
        scores_(list_.calls.size()) {}

  void run() {
    points_[0] = walk_.state();
    for (std::size_t k = 0; k < list_.stages.size(); ++k) {
      const Stage& stage = list_.stages[k];
      State made = cut(stage, combination(stage));
      if (stage.ends_kernel) {
        end_kernel(k, made);
      } else {
        points_[k + 1] = stage.noise ? walk_.add_noise(made, numbers_.value(*stage.noise))
                                     : State(std::move(made));
      }
    }
  }

 private:
  State vector(const VectorRef& of) {
    if (!of.earlier) {
      return *points_[of.index];
    }
    const EarlierPoint& point = list_.earlier[of.index];
    return walk_.recall(slot(point.name, point.lag));
  }

  const State& score(std::size_t index) {
    std::optional<State>& known = scores_[index];
    if (!known) {
      const ScoreCall& call = list_.calls[index];
      const State at = vector(call.point);
      known = call.level ? walk_.score_at(numbers_.level(steps_.levels[*call.level]), at)
                         : walk_.score(c_.t + call.offset, at);
    }
    return *known;
  }

  State combination(const Stage& stage) {
    std::optional<State> sum;
    const auto add = [&](const Coefficient& times, const State& vector) {
      State term = numbers_.value(times) * vector;
      sum = sum ? State(std::move(*sum) + std::move(term)) : std::move(term);
    };
    for (const auto& term : stage.points) {
      add(term.times, vector(term.of));
    }
    for (const auto& term : stage.scores) {
      add(term.times, score(term.of));
    }
    return std::move(*sum);
  }

  State cut(const Stage& stage, State sum) {
    switch (stage.cut) {
      case Cut::clip:
        return walk_.clip(sum, numbers_.bound(*stage.bound));
      case Cut::clamp:
        return walk_.clamp(sum, numbers_.bound(*stage.bound));
      default:
        return sum;
    }
  }

  /// Stage k ends a kernel, and the step if it is the last.
  void end_kernel(std::size_t k, const State& mean) {
    const Stage& stage = list_.stages[k];
    const bool last = k + 1 == list_.stages.size();
    last ? remember_for_later() : remember_within(k);
    if (stage.noise) {
      walk_.move(mean, numbers_.value(*stage.noise));
    } else {
      walk_.move(mean);
    }
    if (!last) {
      // Vectors of the kernel that has ended mean nothing in the next one.
      std::fill(scores_.begin(), scores_.end(), std::nullopt);
      first_ = k + 1;
      points_[first_] = walk_.state();
    }
  }

  int slot(std::string_view name, int lag) const {
    int first = 0;
    for (const auto& [known, longest] : steps_.remembered) {
      if (known == name) {
        break;
      }
      first += longest + 1;
    }
    return first + lag;
  }

  /// A kernel ends with stage k, and the step goes on.
  void remember_within(std::size_t k) {
    for (const auto& [name, longest] : steps_.remembered) {
      const auto made = list_.find(name);
      if (made && *made >= first_ && *made <= k) {
        walk_.remember(slot(name, 0), *points_[*made]);
      }
    }
  }

  /// The step ends: everything remembered is a step older.
  void remember_for_later() {
    for (const auto& [name, longest] : steps_.remembered) {
      for (int lag = longest; lag > 1; --lag) {
        const int t = c_.t + lag - 1;  // of the step that made it
        if (t <= c_.steps && steps_.at(t, c_.steps).find(name)) {
          walk_.remember(slot(name, lag), walk_.recall(slot(name, lag - 1)));
        }
      }
      if (const auto made = list_.find(name)) {
        walk_.remember(slot(name, 1),
                       *made >= first_ ? *points_[*made] : walk_.recall(slot(name, 0)));
      }
    }
  }

  const ExpressionSteps& steps_;
  const StageList& list_;
  const Step<Real>& c_;
  FileNumbers<Real> numbers_;
  Walk<State, Real>& walk_;
  std::vector<std::optional<State>> points_;  // Y_t and those of the stages before the last
  std::vector<std::optional<State>> scores_;
  std::size_t first_ = 0;  // the first point of the present kernel
};

}  // namespace lemmabench
