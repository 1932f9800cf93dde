#include "theory/mixture/mixture_flow.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "numerics/error.hpp"
#include "numerics/evaluation_budget.hpp"

namespace lemmabench {
namespace {

/// One validated step of the flow from (x, v), with the size of the last one that worked. Doubles
/// and midpoints choose the size; the enclosure of a step holds for any, and the last one is `to -
/// v` as a ball.
class Stepper {
 public:
  Stepper(const CoordinateLaw& law, const Ball& abar, const FlowOptions& options)
      : law_(law), abar_(abar), options_(options), speed_(options.speed) {}

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
                            static_cast<double>(law_.components.size()));
  }

  /// The series at the middle of x, and the longest step worth trying.
  void start(const Ball& x, const Ball& v) {
    middle_ = x.midpoint();
    series_ = flow_series(law_, abar_, middle_, v, options_.order, speed_);
    double narrowest = HUGE_VAL;
    for (const CoordinateLaw::Component& c : law_.components) {
      narrowest = std::min(narrowest, (abar_ * Ball(c.variance) + v).to_double());
    }
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
    const BallMixture<> mixture(law_, abar_, times);
    const Ball box = a_priori(mixture, x, h);
    if (!box.finite()) {
      return {box, HUGE_VAL};
    }
    const Jet<Ball> on_box = flow_series(law_, abar_, box, times, options_.order, speed_);
    const Ball remainder = on_box.coefficient(options_.order) * pow(h, Ball(options_.order));
    const Ball centre = series_.truncated(options_.order - 1).polynomial(h) + remainder;
    const Ball stretch = exp(-speed_ * h * mixture.at(box).score_derivative());
    const double size = remainder.magnitude_upper().to_double();
    return {centre + stretch * (x - middle_), std::isfinite(size) ? size : HUGE_VAL};
  }

  /// A box that every solution from x stays in for all of the step: x + [0, h] f(box) inside box.
  Ball a_priori(const BallMixture<>& mixture, const Ball& x, const Ball& h) const {
    const Ball span = Ball::hull(Ball(0), h) * -speed_;
    Ball box = x;
    for (int attempt = 0; attempt < 5; ++attempt) {
      const Ball reached = x + span * mixture.at(box).score();
      if (attempt > 0 && reached.finite() && box.contains(reached)) {
        return reached;
      }
      const Ball both = Ball::hull(box, reached);
      box = Ball::around(both, both.radius() / 8);
    }
    return Ball(1) / Ball(0);
  }

  const CoordinateLaw& law_;
  const Ball& abar_;
  const FlowOptions& options_;
  Ball speed_;
  Ball middle_;
  Jet<Ball> series_;
  double allowed_ = 0;    ///< remainder of one step
  double longest_ = 0;    ///< step
  double caution_ = 0.5;  ///< what fraction of it the last box allowed
};

}  // namespace

Ball flow(const CoordinateLaw& law, const Ball& abar, const Ball& x0, const Ball& from,
          const Ball& to, const FlowOptions& options) {
  if (from.positive() != Truth::certainly || to.positive() != Truth::certainly) {
    throw InputError("flow: the noise variances must be positive");
  }
  Ball x = x0;
  Ball v = from;
  Stepper stepper(law, abar, options);
  for (long n = 0; n < options.max_steps; ++n) {
    if (stepper.advance(x, v, to)) {
      return x;
    }
  }
  throw NumericalFailure(fmt::format("flow: {} steps did not reach noise variance {:.3g}",
                                     options.max_steps, to.to_double()));
}

}  // namespace lemmabench
