#include "numerics/ball_integral.hpp"

#include <fmt/format.h>

#include <exception>
#include <vector>

#include "numerics/ball_functions.hpp"
#include "numerics/error.hpp"
#include "numerics/evaluation_budget.hpp"

namespace lemmabench {
namespace {

/// What a value of f costs in evaluations: a mixture of a few components on a complex ball.
constexpr double kPerValue = 10;

/// What acb_calc_integrate carries to the callback. It is C code: exceptions wait here.
struct Call {
  const ComplexFunction& f;
  long left;  ///< evaluations
  std::exception_ptr failure = nullptr;
};

int call(acb_ptr out, const acb_t z, void* param, slong order, slong prec) {
  Call& state = *static_cast<Call*>(param);
  if (state.failure != nullptr || --state.left < 0) {
    acb_indeterminate(out);
    return 0;
  }
  try {
    const PrecisionScope scope(prec);
    ComplexBall argument;
    acb_set(argument.raw(), z);
    EvaluationBudget::spend(kPerValue);
    acb_set(out, state.f(argument, order != 0).raw());
  } catch (...) {
    state.failure = std::current_exception();
    acb_indeterminate(out);
  }
  return 0;
}

/// What is asked of one panel: |error| <= max(tolerance, 2^-bits |value|).
struct PanelGoal {
  Ball tolerance;
  long bits;
};

/// int f over [from, to], exact ends. The tolerance is a wish: the caller looks at the radius.
Ball panel(Call& state, const Ball& from, const Ball& to, const PanelGoal& goal) {
  const long prec = PrecisionScope::bits();
  acb_calc_integrate_opt_t options;
  acb_calc_integrate_opt_init(options);
  options->eval_limit = std::max(state.left, 1L);
  mag_t tolerance;
  mag_init(tolerance);
  arb_get_mag_lower(tolerance, goal.tolerance.raw());
  ComplexBall value;
  const ComplexBall a(from);
  const ComplexBall b(to);
  acb_calc_integrate(value.raw(), call, &state, a.raw(), b.raw(), goal.bits, tolerance, options,
                     prec);
  mag_clear(tolerance);
  if (state.failure != nullptr) {
    std::rethrow_exception(state.failure);
  }
  return value.real();
}

class Panels {
 public:
  Panels(const ComplexFunction& f, std::span<const Ball> points) : f_(f), points_(points) {
    if (points.size() < 2) {
      throw InputError("integral: give at least two points");
    }
    for (std::size_t i = 1; i < points.size(); ++i) {
      if (points[i - 1].less_than(points[i]) != Truth::certainly) {
        throw InputError("integral: the points must ascend");
      }
    }
  }

  int count() const { return static_cast<int>(points_.size()) - 1; }

  Ball sum(const PanelGoal& goal, long evaluations) const {
    Call state{f_, evaluations};
    Ball total(0);
    for (std::size_t i = 0; i < points_.size(); ++i) {
      // An exact point of more bits than the working precision has a width, too.
      if (!points_[i].exact() || arb_equal(lower_end(points_[i]).raw(), points_[i].raw()) == 0) {
        total += within(i);
      }
      if (i > 0) {
        total += panel(state, upper_end(points_[i - 1]), lower_end(points_[i]), goal);
      }
    }
    return total;
  }

  /// sum of |f| at the middles of 32 pieces of every panel: how large the integral may be. A guess,
  /// at midpoints, for the tolerance only.
  Ball rough_size() const {
    constexpr int kPieces = 32;
    Ball total(0);
    for (std::size_t i = 1; i < points_.size(); ++i) {
      const Ball half = (points_[i] - points_[i - 1]).midpoint() / (2 * kPieces);
      for (int k = 0; k < kPieces; ++k) {
        const Ball x = (points_[i - 1] + (2 * k + 1) * half).midpoint();
        total += abs(f_(ComplexBall(x), false).real()) * half * 2;
      }
    }
    return total.finite() ? total.magnitude_upper() : Ball(0);
  }

 private:
  /// The integral over what belongs to an inexact point: the whole ball inside, and an unknown part
  /// of it at the ends.
  Ball within(std::size_t i) const {
    const Ball value = f_(ComplexBall(points_[i]), false).real();
    const Ball width = upper_end(points_[i]) - lower_end(points_[i]);
    const bool end = i == 0 || i + 1 == points_.size();
    return value * (end ? Ball::hull(Ball(0), width) : width);
  }

  const ComplexFunction& f_;
  std::span<const Ball> points_;
};

}  // namespace

Ball integral_with_tails(const ComplexFunction& f, std::span<const Ball> points, const Ball& tails,
                         const IntegralGoal& goal) {
  const Panels panels(f, points);
  const bool relative = goal.accuracy == Accuracy::relative;
  const long bits = bits_for_digits(goal.digits);
  // The integrator grants the tolerance to each of its intervals: leave room for some hundreds.
  PanelGoal wanted{Ball(1), PrecisionScope::bits()};
  if (relative) {
    wanted = {panels.rough_size(), bits + 8};
  }
  wanted.tolerance /= panels.count();
  arb_mul_2exp_si(wanted.tolerance.raw(), wanted.tolerance.raw(), -bits - 10);
  Ball result = Ball::around(panels.sum(wanted, goal.evaluations), tails);
  if (relative && !accurate_to(result, goal.digits)) {
    // Panels of both signs that cancel, or a peak the rough size mistook: now the size is known.
    wanted = {result.magnitude_lower() / panels.count(), PrecisionScope::bits()};
    arb_mul_2exp_si(wanted.tolerance.raw(), wanted.tolerance.raw(), -bits - 10);
    if (wanted.tolerance.positive() != Truth::certainly) {
      throw NumericalFailure(
          "integral: it may be 0, so no relative accuracy can be had; ask for absolute accuracy");
    }
    result = Ball::around(panels.sum(wanted, goal.evaluations), tails);
  }
  if (!accurate_to(result, goal.digits, goal.accuracy)) {
    throw NumericalFailure(fmt::format(
        "integral: {} {} digits were not reached within {} evaluations at {} bits (radius {:.2g})",
        goal.digits, relative ? "relative" : "absolute", goal.evaluations, PrecisionScope::bits(),
        result.radius().to_double()));
  }
  return result;
}

Ball integral(const ComplexFunction& f, std::span<const Ball> points, const IntegralGoal& goal) {
  return integral_with_tails(f, points, Ball(0), goal);
}

}  // namespace lemmabench
