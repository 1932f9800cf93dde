#include "theory/mixture/typical_mixture.hpp"

#include <stdexcept>

#include "numerics/ball_functions.hpp"
#include "numerics/evaluation_budget.hpp"
#include "theory/mixture/mixture_bounds.hpp"
#include "theory/mixture/mixture_flow.hpp"
#include "theory/process/posterior_average.hpp"

namespace lemmabench {
namespace {

/// f on the modulus of a ball, f increasing on [0, inf).
template <class F>
Ball increasing_in_modulus(const Ball& b, F f) {
  return b.exact() ? f(abs(b)) : Ball::hull(f(b.magnitude_lower()), f(b.magnitude_upper()));
}

}  // namespace

Ball absolute_moment(const Ball& b, const Ball& c, int k) {
  const Ball square_b = square(b);
  switch (k) {
    case 2:
      return square_b + c;
    case 4:
      return square(square_b) + c * (6 * square_b + 3 * c);
    case 1:
    case 3: {
      const Ball root = sqrt(2 * c);
      const Ball tail = root / sqrt(Ball::pi()) * exp(-square_b / (2 * c));
      const Ball inner = b * erf(b / root);
      return k == 1 ? tail + inner : (square_b + 2 * c) * tail + (square_b + 3 * c) * inner;
    }
    default:
      throw std::logic_error("absolute_moment: k from 1 to 4");
  }
}

TypicalMixture::TypicalMixture(const CoordinateLaw& law, const Level<Ball>& level,
                               const Ball& bound)
    : law_(law), level_(level), bound_(bound), mixture_(law, level) {
  Ball least = mixture_.variance(0);
  for (std::size_t k = 0; k < mixture_.size(); ++k) {
    spread_.push_back(level.abar * Ball(law.components[k].variance) * level.noise *
                      mixture_.precision(k));
    least = smaller(least, mixture_.variance(k));
  }
  // Outside all [mean - r sd, mean + r sd] the density is below e^{-r^2/2}/sqrt(2 pi least).
  const Ball reach = sqrt(larger(2 * bound - log(2 * Ball::pi() * least), Ball(0)));
  for (std::size_t k = 0; k < mixture_.size(); ++k) {
    const Ball around = Ball::around(mixture_.mean(k), reach * sqrt(mixture_.variance(k)));
    range_ = k == 0 ? around : Ball::hull(range_, around);
  }
}

void TypicalMixture::count(double evaluations) const {
  EvaluationBudget::spend(evaluations * static_cast<double>(mixture_.size()));
}

Ball TypicalMixture::log_density(const Ball& box) const {
  count(2);
  const Ball centre = mixture_.at(box.midpoint()).log_density();
  if (box.exact()) {
    return centre;
  }
  const Ball slope = mixture_.at(box).score().magnitude_upper();
  return Ball::around(centre, slope * box.radius());
}

Truth TypicalMixture::contains(const Ball& box) const {
  return (-log_density(box)).less_than(bound_);
}

std::vector<Ball> TypicalMixture::boxes(int count) const {
  std::vector<Ball> out;
  const Ball half = range_.radius() / count;
  const Ball first = range_.midpoint() - range_.radius();
  for (int i = 0; i < count; ++i) {
    out.push_back(Ball::around(first + (2 * i + 1) * half, half));
  }
  return out;
}

/// b_k.
Ball TypicalMixture::offset(const Ball& box, std::size_t k) const {
  return (mixture_.mean(k) - box) * (mixture_.precision(k) * level_.noise);
}

Ball TypicalMixture::displacement_moment(const Ball& box, int k) const {
  count(k % 2 == 0 ? 2 : 10);
  std::vector<Ball> moments;
  for (std::size_t i = 0; i < mixture_.size(); ++i) {
    moments.push_back(increasing_in_modulus(
        offset(box, i), [&](const Ball& b) { return absolute_moment(b, spread_[i], k); }));
  }
  return posterior::average_in_hull(mixture_.at(box), moments);
}

Ball TypicalMixture::displacement_tail(const Ball& box, const Ball& r) const {
  count(20);
  std::vector<Ball> tails;
  for (std::size_t i = 0; i < mixture_.size(); ++i) {
    const Ball root = sqrt(2 * spread_[i]);
    tails.push_back(increasing_in_modulus(offset(box, i), [&](const Ball& b) {
      return (erfc((r - b) / root) + erfc((r + b) / root)) / 2;
    }));
  }
  return posterior::average_in_hull(mixture_.at(box), tails);
}

Ball TypicalMixture::score_curvature(const Ball& box) const {
  count(static_cast<double>(mixture_.size()));
  const MixturePoint<Ball, Ball> point = mixture_.at(box);
  const std::size_t n = mixture_.size();
  Ball third;
  Ball covariance;
  for (std::size_t k = 0; k < n; ++k) {
    Ball deviation;  // u_k - s = sum_j r_j (u_k - u_j)
    for (std::size_t j = 0; j < n; ++j) {
      const Ball steeper = mixture_.precision(j) - mixture_.precision(k);
      const Ball gap = mixture_.mean(k) * mixture_.precision(k) -
                       mixture_.mean(j) * mixture_.precision(j) + box * steeper;
      deviation.add_product(point.weight(j), gap);
    }
    third.add_product(point.weight(k), deviation * square(deviation));
    covariance.add_product(point.weight(k), deviation * mixture_.precision(k));
  }
  return third - 3 * covariance;
}

std::array<Ball, 3> TypicalMixture::flow_derivatives(const Ball& box) const {
  count(50);
  // At fixed signal a = 1-tau the level tau + s sits at noise variance v = a (tau+s)/(a-s), where
  // the score is S = -2 dx/dv; s_tau/(1-tau)^{3/2} = S sqrt(a)/(a-s)^2.
  const Ball& a = level_.abar;
  const Jet<Ball> score = flow_series(law_, a, box, level_.noise, 3).differentiated() * Ball(-2);
  const Jet<Ball> left({a, Ball(-1)}, 2);
  const Jet<Ball> change = Jet<Ball>({Ball(0), Ball(1)}, 2) / left;  // v - tau
  const Jet<Ball> along =
      (change * score.coefficient(2) + score.coefficient(1)) * change + score.coefficient(0);
  const Jet<Ball> value = along * sqrt(a) / (left * left);
  return {value.derivative(0), value.derivative(1), value.derivative(2)};
}

namespace {

/// What the bisection of the range adds up. The pieces have exact ends in common, so that no mass
/// is counted twice or left out.
struct Outside {
  const TypicalMixture& set;
  Ball certain;  ///< mass of pieces certainly outside
  Ball unclear;  ///< of pieces on the boundary

  void add(const Ball& low, const Ball& high, int depth) {
    // Two error functions a component, at worst.
    EvaluationBudget::spend(10 * static_cast<double>(set.mixture().size()));
    const Truth inside = set.contains(Ball::hull(low, high));
    if (inside == Truth::certainly) {
      return;
    }
    if (inside == Truth::certainly_not) {
      certain += interval_probability(set.mixture(), low, high);
    } else if (depth == 0) {
      unclear += interval_probability(set.mixture(), low, high);
    } else {
      const Ball middle = ((low + high) / 2).midpoint();
      add(low, middle, depth - 1);
      add(middle, high, depth - 1);
    }
  }
};

}  // namespace

Ball TypicalMixture::mass_outside() const {
  constexpr int kPieces = 16;
  Outside outside{*this, {}, {}};
  const Ball low = lower_end(range_);
  const Ball high = upper_end(range_);
  Ball from = low;
  for (int i = 1; i <= kPieces; ++i) {
    const Ball to = i == kPieces ? high : (low + (high - low) * i / kPieces).midpoint();
    outside.add(from, to, 16);
    from = to;
  }
  for (std::size_t k = 0; k < mixture_.size(); ++k) {
    const Ball scale = sqrt(2 * mixture_.variance(k));
    const Ball& mean = mixture_.mean(k);
    outside.certain +=
        mixture_.weight(k) * (erfc((mean - low) / scale) + erfc((high - mean) / scale)) / 2;
  }
  return outside.certain + Ball::hull(Ball(0), outside.unclear);
}

}  // namespace lemmabench
