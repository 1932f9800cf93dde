#include "theory/gaussian/typical_ellipsoid.hpp"

#include "numerics/ball_functions.hpp"
#include "numerics/chi_square.hpp"
#include "numerics/jet.hpp"
#include "theory/process/forward.hpp"

namespace lemmabench {

TypicalEllipsoid::TypicalEllipsoid(const ProductLaw& law, const Level<Ball>& level,
                                   const Ball& bound, long copies)
    : level_(level), radius_squared_(2 * bound) {
  const Ball two_pi = 2 * Ball::pi();
  for (const CoordinateLaw& coordinate : law.coordinates) {
    const CoordinateLaw::Component& c = coordinate.components.front();
    const Ball lambda(c.variance);
    const Ball w = marginal_variance(level, lambda);
    const long multiplicity = copies * coordinate.multiplicity;
    radius_squared_ -= Ball(multiplicity) * log(two_pi * w);
    least_ = blocks_.empty() ? w : smaller(least_, w);
    blocks_.push_back({lambda, marginal_mean(level, Ball(c.mean)), w,
                       noise_posterior_variance(level, lambda), multiplicity});
    dim_ += multiplicity;
  }
}

Ball TypicalEllipsoid::mass_outside() const { return chi_square_upper(radius_squared_, dim_); }

Ball TypicalEllipsoid::second_moment() const {
  Ball sum;
  for (const Block& b : blocks_) {
    sum += Ball(b.multiplicity) * (square(b.mean) + b.variance);
  }
  return sum;
}

Ball TypicalEllipsoid::score_squared() const { return radius_squared_ / least_; }

Ball TypicalEllipsoid::noise_trace() const {
  Ball sum;
  for (const Block& b : blocks_) {
    sum += Ball(b.multiplicity) * b.noise;
  }
  return sum;
}

std::array<Ball, 4> TypicalEllipsoid::displacement_moments() const {
  // In units of tau = 1-abar: b_i^2 = tau (tau/w_i) s_i, C_i = tau noise_i.
  const Ball trace = noise_trace();
  Ball trace_square;
  for (const Block& b : blocks_) {
    trace_square += Ball(b.multiplicity) * square(b.noise);
  }
  Ball cube;  // sup of E2^{3/2}, in units of tau^{3/2}; and so on
  Ball ratio;
  Ball second;
  Ball fourth;
  for (const Block& b : blocks_) {
    const Ball offset = level_.noise / b.variance * radius_squared_;
    const Ball two = offset + trace;
    const Ball four = square(two) + 2 * trace_square + 4 * offset * b.noise;
    ratio = larger(ratio, two * sqrt(two) / sqrt(four));
    cube = larger(cube, two * sqrt(two));
    second = larger(second, two);
    fourth = larger(fourth, four);
  }
  const Ball root = sqrt(level_.noise);
  return {root * Ball::hull(ratio, sqrt(second)), level_.noise * second,
          level_.noise * root * Ball::hull(cube, sqrt(second * fourth)),
          square(level_.noise) * fourth};
}

Ball TypicalEllipsoid::displacement_tail(const Ball& r) const {
  const Ball shift = level_.noise * sqrt(radius_squared_ / least_);
  const Ball left = r - shift;
  Ball widest;
  const Block* least = nullptr;
  for (const Block& b : blocks_) {
    widest = larger(widest, level_.noise * b.noise);
    if (least == nullptr || b.variance.less_than(least->variance) == Truth::certainly) {
      least = &b;
    }
  }
  const Ball upper =
      left.positive() == Truth::certainly ? chi_square_upper(square(left) / widest, dim_) : Ball(1);
  // The corner of any block gives a lower bound; that of the least variance the best.
  const Ball offset = level_.noise * sqrt(radius_squared_ / least->variance);
  const Ball lower = erfc((r - offset) / sqrt(2 * level_.noise * least->noise)) / 2;
  return Ball::hull(lower, upper);
}

std::array<Ball, 3> TypicalEllipsoid::flow_derivatives() const {
  // tau = tau_0 + s: w = (1-tau) lambda + tau.
  const Jet<Ball> left({level_.abar, Ball(-1)}, 2);
  const Jet<Ball> signal = 1 / (left * sqrt(left));
  std::array<Ball, 3> sup;
  for (const Block& b : blocks_) {
    const Jet<Ball> w({b.variance, 1 - b.lambda}, 2);
    const Jet<Ball> conserved = signal / sqrt(w);
    for (int k = 0; k < 3; ++k) {
      Ball& best = sup[static_cast<std::size_t>(k)];
      best = larger(best, abs(conserved.derivative(k)));
    }
  }
  for (Ball& value : sup) {
    value *= sqrt(radius_squared_);
  }
  return sup;
}

}  // namespace lemmabench
