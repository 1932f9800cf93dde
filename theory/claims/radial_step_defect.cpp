#include "theory/claims/radial_step_defect.hpp"

#include "numerics/ball_functions.hpp"
#include "numerics/evaluation_budget.hpp"
#include "theory/radial/radial_flow.hpp"

namespace lemmabench {
namespace {

/// What a defect on a box costs in evaluations a component, beside the flow.
constexpr double kPerRadialBox = 30;
/// Remainder of a step of the flow, in deviations: far below any defect that counts.
constexpr double kRadialFlowTolerance = 1e-17;

}  // namespace

RadialStepDefect::RadialStepDefect(const ScaleMixtureLaw& law, const StepLevels& levels,
                                   const SteppedSampler& sampler)
    : law_(law),
      levels_(levels),
      drop_(2 * levels.b),
      from_(law, levels.abar, levels.noise),
      to_(law, levels.abar, levels.noise - drop_),
      between_(law, levels.abar, Ball::hull(levels.noise - drop_, levels.noise)),
      sampler_(law.dim, levels, sampler, RayMixture<>(law, levels.abar, levels.noise - levels.b),
               RayMixture<>(law, levels.abar, levels.noise + levels.b1 / (1 - levels.b1))) {
  for (std::size_t k = 0; k < to_.in_space().size(); ++k) {
    steepest_ = larger(steepest_, to_.in_space().precision(k));
  }
}

Ball RadialStepDefect::image(const Ball& point) const {
  if (arb_is_zero(point.raw()) != 0) {
    return point;
  }
  const FlowOptions options{.order = 12, .tolerance = kRadialFlowTolerance};
  const double key = point.to_double();
  // The memory is for points that are doubles; another one next to it has another image.
  if (arb_equal(point.raw(), Ball::exactly(key).raw()) == 0) {
    return flow(law_, levels_.abar, point, levels_.noise, levels_.noise - drop_, options);
  }
  const auto known = images_.find(key);
  if (known != images_.end()) {
    return known->second;
  }
  return images_[key] =
             flow(law_, levels_.abar, point, levels_.noise, levels_.noise - drop_, options);
}

Ball RadialStepDefect::slope(const Ball& point, const Ball& image) const {
  const Ball volume = Ball(law_.dim - 1) * log(point / image);
  return exp(volume + from_.at(point).log_density() - to_.at(image).log_density());
}

Ball RadialStepDefect::curvature(const Ball& box) const {
  // r falls as v does, at the rate g/2: first with the largest g of all, then with that of the tube
  // so found.
  const Ball most = box.magnitude_upper();
  Ball tube = Ball::hull(box.magnitude_lower() * exp(-drop_ * steepest_ / 2), most);
  for (int i = 0; i < 2; ++i) {
    const Ball g = between_.in_space().at(square(tube)).precision();
    const Ball least = box.magnitude_lower() * exp(-drop_ * g.magnitude_upper() / 2);
    tube = Ball::hull(larger(least, tube.magnitude_lower()), most);
  }
  const Ball q = square(tube);
  const auto at = between_.in_space().at(q);
  const Ball spread = at.precision_variance();
  const Ball slope = q * spread - at.precision();                    // s'
  const Ball bend = tube * (3 * spread - q * at.precision_third());  // s''
  const Ball stretch = exp(Ball::hull(Ball(0), drop_) * slope / 2);  // dr_v/dr
  return exp(drop_ * slope / 2) * (drop_ * bend * stretch / 2);
}

Ball RadialStepDefect::operator()(const Ball& box) const {
  EvaluationBudget::spend(kPerRadialBox * static_cast<double>(law_.atoms.size()));
  const Ball centre = box.midpoint();
  const Ball at_centre = image(centre);
  if (box.exact()) {
    return at_centre - sampler_(from_, Jet<Ball>(centre)).value();
  }
  const Ball offset = box - centre;
  const Jet<Ball> point = sampler_(from_, Jet<Ball>::variable(centre, 1));
  const Jet<Ball> whole = sampler_(from_, Jet<Ball>::variable(box, 2));
  const Ball bend = curvature(box) / 2 - whole.coefficient(2);
  const Ball expanded = at_centre - point.value() +
                        (slope(centre, at_centre) - point.coefficient(1)) * offset +
                        bend * square(offset);
  const Ball images = Ball::hull(image(lower_end(box)), image(upper_end(box)));
  const Ball monotone = images - (point.value() + whole.coefficient(1) * offset);
  if (!expanded.finite()) {
    return monotone;
  }
  Ball both;
  return arb_intersection(both.raw(), expanded.raw(), monotone.raw(), PrecisionScope::bits()) != 0
             ? both
             : expanded;
}

}  // namespace lemmabench
