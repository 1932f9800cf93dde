#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstddef>

#include "numerics/error.hpp"
#include "numerics/evaluation_budget.hpp"
#include "numerics/jet.hpp"

/// Proved enclosures of a scalar flow dx/dv = -speed S_v(x) (theory.md section 1): Taylor steps
/// with Lagrange remainder over an a-priori box found by Picard's iteration. Which law S belongs to
/// is its caller's (theory/mixture/mixture_flow.hpp, theory/radial/radial_flow.hpp). Source of the
/// method: Moore, "Interval Analysis" (1966), ch. 11; Nedialkov, Jackson & Corliss, Appl. Math.
/// Comput. 105 (1999).
namespace lemmabench {

/// dx/dv = -speed S_v(x). The probability flow has speed 1/2; another one breaks it on purpose.
inline Rational probability_flow_speed() { return Rational(1, 2); }

struct FlowOptions {
  int order = 14;  ///< of the Taylor steps
  /// Largest remainder of one step, in standard deviations of the narrowest component.
  double tolerance = 1e-18;
  long max_steps = 2000;
  Rational speed = probability_flow_speed();
};

/// One validated step of the flow from (x, v), with the size of the last one that worked. Doubles
/// and midpoints choose the size; the enclosure of a step holds for any, and the last one is `to -
/// v` as a ball. Field is the law: size() and narrowest(v), its number of components and the least
/// W_k as a double; series(x, v, order, speed), the flow as a power series; at(times), which gives
/// score(box) and score_derivative(box) at all these times.
template <class Field>
class FlowStepper {
 public:
  FlowStepper(const Field& field, const FlowOptions& options)
      : field_(field), options_(options), speed_(options.speed) {}

  /// Moves (x, v) towards `to`, all the way if it can. True when it got there.
  bool advance(Ball& x, Ball& v, const Ball& to) {
    count();
    start(x, v);
    const Ball left = to - v;
    const double distance = std::abs(left.to_double());
    const double sign = left.to_double() < 0 ? -1 : 1;
    double size = std::min(longest_ * caution_, distance);
    for (int attempt = 0; attempt < 40; ++attempt) {
      const bool last = size >= distance;
      count();
      const Ball h = last ? left : Ball::exactly(sign * size);
      const Result result = take(x, v, h);
      if (result.remainder <= allowed_) {
        caution_ = std::min(1.0, 1.2 * size / longest_);
        x = result.x;
        v += h;
        return last;
      }
      const double ratio = std::pow(allowed_ / result.remainder, 1.0 / options_.order);
      size *= std::clamp(0.9 * ratio, 0.2, 0.9);
    }
    throw NumericalFailure(
        fmt::format("flow: no step from noise variance {:.3g} could be enclosed", v.to_double()));
  }

 private:
  struct Result {
    Ball x;
    double remainder;  ///< +inf when no a-priori box was found
  };

  /// A series of the flow at a point or a box: that of log p to every order up to the last.
  void count() const {
    EvaluationBudget::spend(0.5 * options_.order * options_.order *
                            static_cast<double>(field_.size()));
  }

  /// The series at the middle of x, and the longest step worth trying.
  void start(const Ball& x, const Ball& v) {
    middle_ = x.midpoint();
    series_ = field_.series(middle_, v, options_.order, speed_);
    const double narrowest = field_.narrowest(v);
    allowed_ = options_.tolerance * std::sqrt(narrowest);
    const double last = std::abs(series_.coefficient(options_.order).to_double());
    // A third of the distance to the singularity at W = 0.
    longest_ = narrowest / 3;
    if (last > 0) {
      longest_ = std::min(longest_, std::pow(allowed_ / last, 1.0 / options_.order));
    }
  }

  Result take(const Ball& x, const Ball& v, const Ball& h) const {
    const Ball times = Ball::hull(v, v + h);
    const auto law = field_.at(times);
    const Ball box = a_priori(law, x, h);
    if (!box.finite()) {
      return {box, HUGE_VAL};
    }
    const Jet<Ball> on_box = field_.series(box, times, options_.order, speed_);
    const Ball remainder = on_box.coefficient(options_.order) * pow(h, Ball(options_.order));
    const Ball centre = series_.truncated(options_.order - 1).polynomial(h) + remainder;
    const Ball stretch = exp(-speed_ * h * law.score_derivative(box));
    const double size = remainder.magnitude_upper().to_double();
    return {centre + stretch * (x - middle_), std::isfinite(size) ? size : HUGE_VAL};
  }

  /// A box that every solution from x stays in for all of the step: x + [0, h] f(box) inside box.
  template <class Law>
  Ball a_priori(const Law& law, const Ball& x, const Ball& h) const {
    const Ball span = Ball::hull(Ball(0), h) * -speed_;
    Ball box = x;
    for (int attempt = 0; attempt < 5; ++attempt) {
      const Ball reached = x + span * law.score(box);
      if (attempt > 0 && reached.finite() && box.contains(reached)) {
        return reached;
      }
      const Ball both = Ball::hull(box, reached);
      box = Ball::around(both, both.radius() / 8);
    }
    return Ball(1) / Ball(0);
  }

  const Field& field_;
  const FlowOptions& options_;
  Ball speed_;
  Ball middle_;
  Jet<Ball> series_;
  double allowed_ = 0;    ///< remainder of one step
  double longest_ = 0;    ///< step
  double caution_ = 0.5;  ///< what fraction of it the last box allowed
};

/// The exact flow map from noise variance `from` to `to` (either order) at x_0, a point or a box:
/// an enclosure of x(to) for every x(from) in x_0. The spread of x_0 is carried by the flow's
/// derivative exp(-speed int S_v'(x) dv), so that it grows as the flow itself stretches and no
/// faster. Throws NumericalFailure when a step cannot be enclosed or max_steps do not suffice, and
/// InputError when `from` or `to` is not positive.
template <class Field>
Ball validated_flow(const Field& field, const Ball& x0, const Ball& from, const Ball& to,
                    const FlowOptions& options) {
  if (from.positive() != Truth::certainly || to.positive() != Truth::certainly) {
    throw InputError("flow: the noise variances must be positive");
  }
  Ball x = x0;
  Ball v = from;
  FlowStepper<Field> stepper(field, options);
  for (long n = 0; n < options.max_steps; ++n) {
    if (stepper.advance(x, v, to)) {
      return x;
    }
  }
  throw NumericalFailure(fmt::format("flow: {} steps did not reach noise variance {:.3g}",
                                     options.max_steps, to.to_double()));
}

}  // namespace lemmabench
