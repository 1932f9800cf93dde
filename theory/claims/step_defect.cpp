#include "theory/claims/step_defect.hpp"

#include <cmath>
#include <vector>

#include "numerics/ball_functions.hpp"
#include "numerics/evaluation_budget.hpp"
#include "theory/mixture/mixture_flow.hpp"

namespace lemmabench {
namespace {

/// Of the series in x on a box: every halving makes the remainder 2^6 times smaller. (8 and 9 take
/// the branch and bound of claim D2 as long.)
constexpr int kOrder = 6;
/// What a defect costs in evaluations a component, beside Newton's method for the flow.
constexpr double kPerDefect = 60;
/// The same of a step as a double series: products of some hundred products.
constexpr double kPerSeries = 500;

}  // namespace

StepLevels step_levels(const Schedule<Ball>& schedule, int t) {
  const Level<Ball>& level = schedule.level(t);
  const Ball b = schedule.b(t);
  const bool first = t == schedule.steps();
  return {t, schedule.steps(), level.abar, level.noise, b, first ? b : schedule.b(t + 1)};
}

std::vector<int> chosen_levels(const Schedule<Ball>& schedule, double gap, double from) {
  std::vector<int> out{schedule.steps()};
  double wanted = from;
  for (int t = schedule.steps(); t >= 2 && wanted <= 4; --t) {
    // Which levels are looked at, not what is found there.
    const double logit = std::log(schedule.level(t).snr().to_double());
    if (logit >= wanted) {
      if (out.back() != t) {
        out.push_back(t);
      }
      wanted += gap;
    }
  }
  return out;
}

SteppedSampler stepped_sampler(const Trial& trial, const std::string& name) {
  return {trial.laboratory(), name, static_cast<int>(trial.number("neighbour").to_double()),
          trial.ball("momentum")};
}

StepDefect::StepDefect(const CoordinateLaw& law, const StepLevels& levels,
                       const SteppedSampler& sampler)
    : flow_(law, levels.abar, levels.noise, levels.noise - 2 * levels.b),
      sampler_(1, levels, sampler, BallMixture<>(law, levels.abar, levels.noise - levels.b),
               BallMixture<>(law, levels.abar, levels.noise + levels.b1 / (1 - levels.b1))) {}

Ball StepDefect::image(const Ball& box) const {
  return box.exact() ? point_image(box)
                     : Ball::hull(point_image(lower_end(box)), point_image(upper_end(box)));
}

Ball StepDefect::point_image(const Ball& point) const {
  const double key = point.to_double();
  // The memory is for points that are doubles; another one next to it has another image.
  if (arb_equal(point.raw(), Ball::exactly(key).raw()) == 0) {
    return flow_(point);
  }
  const auto known = images_.find(key);
  if (known != images_.end()) {
    return known->second;
  }
  return images_[key] = flow_(point);
}

Ball StepDefect::operator()(const Ball& box) const {
  EvaluationBudget::spend(kPerDefect * static_cast<double>(flow_.from().size()));
  const Ball centre = box.midpoint();
  if (box.exact()) {
    return image(centre) - sampler_map(Jet<Ball>(centre)).value();
  }
  const Jet<Ball> at_centre = flow_.series(centre, image(centre), kOrder - 1) -
                              sampler_map(Jet<Ball>::variable(centre, kOrder - 1));
  const Jet<Ball> on_box =
      flow_.series(box, image(box), kOrder) - sampler_map(Jet<Ball>::variable(box, kOrder));
  return taylor_enclosure(at_centre, on_box, box - centre);
}

Ball StepDefect::per_deviation() const {
  const Ball& centre = flow_.from().mean(0);
  const Ball sd = sqrt(flow_.from().variance(0));
  const Ball x = (centre + sd).midpoint();
  return (*this)(x)*sd / (x - centre);
}

StepSeries step_series(const CoordinateLaw& law, const StepLevels& levels,
                       const SteppedSampler& sampler, const Jet<Ball>& x, int order) {
  using Series = Jet<Jet<Ball>>;
  // b^2/b_{t+1} in the momentum form loses one order.
  const int working = order + 1;
  EvaluationBudget::spend(kPerSeries * working * static_cast<double>(law.components.size()));
  const Series b({Jet<Ball>(0), Jet<Ball>(1)}, working);
  const Series b1 = b * Jet<Ball>(levels.b1 / levels.b);
  const Series noise{Jet<Ball>(levels.noise)};
  const Series sqrt_alpha = sqrt(1 - b);
  const Series sqrt_alpha1 = sqrt(1 - b1);
  const BallMixture<Series> here(law, levels.abar, noise);
  const BallMixture<Series> below(law, levels.abar, noise - b);
  const BallMixture<Series> above(law, levels.abar, noise + b1 / (1 - b1));
  const NestedScore score = [&](int level, const Series& y) {
    const int taken = levels.t + sampler.neighbour * (level - levels.t);
    if (taken == levels.t) {
      return here.at(y).score();
    }
    return taken < levels.t ? neighbour_score(below, sqrt_alpha, y)
                            : neighbour_score(above, 1 / sqrt_alpha1, y);
  };
  const NestedStep step{levels.t,
                        levels.steps,
                        1,
                        Jet<Ball>(levels.abar),
                        noise,
                        b,
                        Jet<Ball>(sampler.momentum) * b1};
  StepSeries out;
  out.sampler = sampler.laboratory.step_map(sampler.name, step, Series(x), score).truncated(order);
  // v falls by 2b.
  const Series flow = flow_series(law, levels.abar, x, Jet<Ball>(levels.noise), order);
  std::vector<Jet<Ball>> exact;
  for (int k = 0; k <= order; ++k) {
    exact.push_back(flow.coefficient(k) * pow(Ball(-2), Ball(k)));
  }
  out.exact = Series(std::move(exact), order);
  return out;
}

}  // namespace lemmabench
