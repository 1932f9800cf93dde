#include "theory/radial/typical_ball.hpp"

#include <stdexcept>

#include "numerics/ball_functions.hpp"
#include "numerics/chi_square.hpp"
#include "numerics/error.hpp"
#include "numerics/evaluation_budget.hpp"
#include "theory/process/posterior_average.hpp"
#include "theory/radial/radial_flow.hpp"

namespace lemmabench {
namespace {

constexpr int kNewtonSteps = 200;
/// The first guess of R^2's relative error is 2^-40; it is widened while the signs are unclear.
constexpr int kFinest = -40;
constexpr int kCoarsest = -8;

Ball power_of_two(int exponent) {
  Ball result(1);
  arb_mul_2exp_si(result.raw(), result.raw(), exponent);
  return result;
}

/// E|V|^k of N(b, C I_d) with |b|^2 = `offset`, k = 2 or 4.
Ball normal_moment(const Ball& offset, const Ball& spread, const Ball& dim, int k) {
  const Ball second = offset + dim * spread;
  return k == 2 ? second : square(second) + 2 * dim * square(spread) + 4 * offset * spread;
}

}  // namespace

TypicalBall::TypicalBall(const ScaleMixtureLaw& law, const Level<Ball>& level, const Ball& bound)
    : law_(law), level_(level), ray_(law, level) {
  find_radius(bound);
}

void TypicalBall::count(double evaluations) const {
  EvaluationBudget::spend(evaluations * static_cast<double>(space().size()));
}

/// log p + B as a function of q is convex and falls, so that Newton's method from 0 stays below the
/// root. It runs on midpoints and guesses; the signs beside the guess prove it.
void TypicalBall::find_radius(const Ball& bound) {
  const auto excess = [&](const Ball& q) {
    count(1);
    return space().at(q).log_density() + bound;
  };
  if (excess(Ball(0)).positive() != Truth::certainly) {
    // Certainly empty, or not known not to be: a set of one point at most up to rounding.
    empty_ = true;
    return;
  }
  Ball q(0);
  for (int i = 0; i < kNewtonSteps; ++i) {
    const auto at = space().at(q);
    count(1);
    const Ball step = ((at.log_density() + bound) * 2 / at.precision()).midpoint();
    q = (q + step).midpoint();
    if ((abs(step) - q * power_of_two(kFinest - 4)).positive() != Truth::certainly) {
      break;
    }
  }
  for (int e = kFinest; e <= kCoarsest; e += 4) {
    const Ball low = (q * (1 - power_of_two(e))).midpoint();
    const Ball high = (q * (1 + power_of_two(e))).midpoint();
    if (excess(low).positive() == Truth::certainly &&
        excess(high).positive() == Truth::certainly_not) {
      radius_ = sqrt(Ball::hull(low, high));
      return;
    }
  }
  throw NumericalFailure("the radius of a typical ball could not be enclosed");
}

Truth TypicalBall::contains(const Ball& box) const {
  if (empty_) {
    return Truth::certainly_not;
  }
  if (arb_le(box.magnitude_upper().raw(), lower_end(radius_).raw()) != 0) {
    return Truth::certainly;
  }
  return arb_gt(box.magnitude_lower().raw(), upper_end(radius_).raw()) != 0 ? Truth::certainly_not
                                                                            : Truth::unknown;
}

std::vector<Ball> TypicalBall::boxes(int count) const {
  std::vector<Ball> out;
  if (empty_) {
    return out;
  }
  const Ball half = upper_end(radius_) / (2 * count);
  for (int i = 0; i < count; ++i) {
    out.push_back(Ball::around((2 * i + 1) * half, half));
  }
  return out;
}

Ball TypicalBall::mass_outside() const {
  if (empty_) {
    return Ball(1);
  }
  const auto beyond = [&](const Ball& r) {
    Ball sum;
    for (std::size_t k = 0; k < space().size(); ++k) {
      sum.add_product(space().weight(k), chi_square_upper(square(r) / space().variance(k), dim()));
    }
    return sum;
  };
  count(200);
  return Ball::hull(beyond(lower_end(radius_)), beyond(upper_end(radius_)));
}

template <class F>
Ball TypicalBall::monotone(const Ball& box, F f) const {
  count(2);
  if (box.exact()) {
    return f(space().at(square(box)));
  }
  return Ball::hull(f(space().at(square(box.magnitude_lower()))),
                    f(space().at(square(box.magnitude_upper()))));
}

Ball TypicalBall::log_density(const Ball& box) const {
  return monotone(box, [](const auto& at) { return at.log_density(); });
}

Ball TypicalBall::score(const Ball& box) const {
  return monotone(box, [](const auto& at) { return at.precision(); }) * abs(box);
}

Ball TypicalBall::noise_trace(const Ball& box) const {
  // a V/W grows with W, and W under the posterior grows with r.
  const Ball across = monotone(box, [](const auto& at) { return at.noise_variance_across(); });
  const Ball q = square(box);
  return across * Ball(dim()) + space().at(q).precision_variance() * q * level_.noise;
}

Ball TypicalBall::score_curvature(const Ball& box) const {
  count(2);
  const Ball q = square(box);
  const auto at = space().at(q);
  const Ball r = abs(box);
  const Ball linear = 3 * at.precision_variance() * r;
  const Ball cubic = -at.precision_third() * q * r;
  const Ball along = abs(linear + cubic);
  if (dim() == 1) {
    return along;
  }
  // Where -3 cubic > linear the largest value is inside, at c^2 = linear/(-3 cubic); else c = 1,
  // where the value is at least 2/3 linear.
  const Ball steep = larger(-3 * cubic, linear);
  Ball ratio = linear / steep;  // c^2, in [0, 1]
  const Ball unit = Ball::hull(Ball(0), Ball(1));
  Ball cut;
  ratio = ratio.finite() &&
                  arb_intersection(cut.raw(), ratio.raw(), unit.raw(), PrecisionScope::bits()) != 0
              ? cut
              : unit;
  Ball cosine;
  arb_sqrtpos(cosine.raw(), ratio.raw(), PrecisionScope::bits());  // the ball may reach below 0
  return larger(along, 2 * linear * cosine / 3);
}

Ball TypicalBall::displacement_moment(const Ball& box, int k) const {
  if (k == 1 || k == 3) {
    const Ball second = displacement_moment(box, 2);
    const Ball fourth = displacement_moment(box, 4);
    const Ball cube = second * sqrt(second);
    return k == 1 ? Ball::hull(cube / sqrt(fourth), sqrt(second))
                  : Ball::hull(cube, sqrt(second * fourth));
  }
  if (k != 2 && k != 4) {
    throw std::logic_error("displacement_moment: k from 1 to 4");
  }
  count(4);
  const Ball q = square(box);
  std::vector<Ball> moments;
  for (std::size_t i = 0; i < space().size(); ++i) {
    const Ball pull = level_.noise * space().precision(i);
    const Ball spread = level_.abar * Ball(space().data_variance(i)) * pull;
    moments.push_back(normal_moment(square(pull) * q, spread, Ball(dim()), k));
  }
  return posterior::average_in_hull(space().at(q), moments);
}

Ball TypicalBall::displacement_tail(const Ball& box, const Ball& rho) const {
  count(100);
  const auto at = space().at(square(box));
  Ball upper;
  for (std::size_t i = 0; i < space().size(); ++i) {
    const Ball pull = level_.noise * space().precision(i);
    const Ball spread = level_.abar * Ball(space().data_variance(i)) * pull;
    const Ball left = rho - pull * box.magnitude_upper();
    const Ball tail = left.positive() == Truth::certainly
                          ? chi_square_upper(square(left) / spread, dim())
                          : Ball(1);
    upper.add_product(at.weight(i), tail);
  }
  return Ball::hull(Ball(0), upper);
}

std::array<Ball, 3> TypicalBall::flow_derivatives(const Ball& box) const {
  count(50);
  // At fixed signal a = 1-tau the level tau + s sits at noise variance v = a (tau+s)/(a-s), where
  // the score is S = -2 dx/dv; s_tau/(1-tau)^{3/2} = S sqrt(a)/(a-s)^2, and all of it is along x.
  const Ball& a = level_.abar;
  const Jet<Ball> score = flow_series(law_, a, box, level_.noise, 3).differentiated() * Ball(-2);
  const Jet<Ball> left({a, Ball(-1)}, 2);
  const Jet<Ball> change = Jet<Ball>({Ball(0), Ball(1)}, 2) / left;  // v - tau
  const Jet<Ball> along =
      (change * score.coefficient(2) + score.coefficient(1)) * change + score.coefficient(0);
  const Jet<Ball> value = along * sqrt(a) / (left * left);
  return {abs(value.derivative(0)), abs(value.derivative(1)), abs(value.derivative(2))};
}

}  // namespace lemmabench
