#include "theory/standard_normal_distance.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "numerics/ball_functions.hpp"
#include "numerics/chi_square.hpp"
#include "theory/mixture_integrals.hpp"

namespace lemmabench {
namespace {

Ball half_log_two_pi() { return log(2 * Ball::pi()) / 2; }

/// The radius beyond which the tail of sqrt(abar W) |G|, about C (abar/r^2)^k with k = nu/2,
/// exceeds that of |G| three times. In doubles: any radius gives a true bound.
double crossing_radius(const StudentMarginal& marginal) {
  const double k = marginal.nu().to_double() / 2;
  const double half = static_cast<double>(marginal.dim()) / 2;
  const double log_c = k * std::log(2 * k) + std::lgamma(half + k) - std::lgamma(half) -
                       std::lgamma(k + 1) + k * std::log(marginal.level().abar.to_double());
  for (double r = std::sqrt(2 * half);; r *= 1.02) {
    const Ball normal = chi_square_upper(square(Ball::exactly(r)), marginal.dim());
    if (log(normal).to_double() + std::log(3.0) < log_c - 2 * k * std::log(r)) {
      return r;
    }
  }
}

/// sum over bins beyond r_1 of P log(P/Q) - P + Q.
Ball binned_divergence(const StudentMarginal& marginal) {
  constexpr std::array<double, 6> kFactors = {1, 1.1, 1.25, 1.5, 2, 4};
  const double first = crossing_radius(marginal);
  Ball sum;
  Ball p_beyond(0);
  Ball q_beyond(0);
  for (std::size_t i = kFactors.size(); i-- > 0;) {
    const Ball r = Ball::exactly(first * kFactors[i]);
    const Ball p_tail = marginal.tail(r, 6);
    const Ball q_tail = chi_square_upper(square(r), marginal.dim());
    const Ball p = p_tail - p_beyond;
    const Ball q = q_tail - q_beyond;
    sum += p * log(p / q) - p + q;
    p_beyond = p_tail;
    q_beyond = q_tail;
  }
  return sum;
}

/// The zeros of log(p/phi), which is where p - phi changes sign.
class Crossings {
 public:
  explicit Crossings(const BallMixture<>& mixture) : mixture_(mixture), tiny_(1) {
    arb_mul_2exp_si(tiny_.raw(), tiny_.raw(), -PrecisionScope::bits() / 2);
  }

  /// Adds every zero in the box to `found`, each in a ball, ascending. Halves the box at least
  /// `depth` times, and on until it certainly holds none or exactly one, or is tiny.
  void search(const Ball& box, long depth, std::vector<Ball>& found) const {
    const Ball centre = box.midpoint();
    const Ball half = box.radius() / 2;
    const Ball slope = derivative(box);
    if (!Ball::around(value(centre), slope.magnitude_upper() * box.radius()).contains_zero()) {
      return;
    }
    if (depth <= 0 && !slope.contains_zero()) {
      const Ball ends = value(centre - 2 * half) * value(centre + 2 * half);
      if (!ends.contains_zero()) {
        if (ends.positive() == Truth::certainly_not) {
          found.push_back(newton(box));
        }
        return;
      }
    }
    if (half.less_than(tiny_) == Truth::certainly) {
      found.push_back(box);
      return;
    }
    search(Ball::around(centre - half, half), depth - 1, found);
    search(Ball::around(centre + half, half), depth - 1, found);
  }

 private:
  Ball value(const Ball& x) const {
    return mixture_.at(x).log_density() + square(x) / 2 + half_log_two_pi();
  }
  /// s(x) + x = sum_k r_k (m_k/W_k + (1 - 1/W_k) x), whose coefficients are as small as p is close
  /// to phi: on a box the sum of s and x would hide that.
  Ball derivative(const Ball& x) const {
    const auto point = mixture_.at(x);
    Ball sum;
    for (std::size_t k = 0; k < mixture_.size(); ++k) {
      const Ball& precision = mixture_.precision(k);
      sum.add_product(point.weight(k), mixture_.mean(k) * precision + (1 - precision) * x);
    }
    return sum;
  }

  /// The only zero in the box, by the interval Newton method, as tightly as the precision allows.
  Ball newton(Ball box) const {
    for (;;) {
      const Ball centre = box.midpoint();
      const Ball step = centre - value(centre) / derivative(box);
      Ball next;
      if (arb_intersection(next.raw(), step.raw(), box.raw(), PrecisionScope::bits()) == 0 ||
          (2 * next.radius()).less_than(box.radius()) != Truth::certainly) {
        return box;
      }
      box = next;
    }
  }

  const BallMixture<>& mixture_;
  Ball tiny_;
};

}  // namespace

Ball kl_to_standard_normal(const BallMixture<>& mixture, long digits) {
  const MixtureIntegral integrate(mixture);
  const Ball constant = half_log_two_pi();
  const ComplexFunction f = [&](const ComplexBall& z, bool analytic) {
    const auto point = mixture.at(z);
    return point.density() * (point.log_density(analytic) + square(z) / 2 + ComplexBall(constant));
  };
  // |log p| <= log_factor tau m^2 and |log phi| = x^2/2 + 0.92 <= (1/2 + tau) m^2, m = |x| + M.
  const Ball factor = (integrate.log_factor() + 1) * integrate.tau() + Ball(Rational(1, 2));
  return integrate(f, factor, 2, {digits, Accuracy::absolute});
}

Ball tv_to_standard_normal(const BallMixture<>& mixture) {
  // 14 standard deviations of everything: what is beyond has mass below 1e-43.
  Ball reach(1);
  for (std::size_t k = 0; k < mixture.size(); ++k) {
    reach = larger(reach, abs(mixture.mean(k)) + sqrt(mixture.variance(k)));
  }
  const Ball end = (14 * reach).magnitude_upper();
  std::vector<Ball> cuts = {-end};
  Crossings(mixture).search(Ball::around(Ball(0), end), 4, cuts);
  cuts.push_back(end);
  const Ball root_two = sqrt(Ball(2));
  Ball sum = erfc(end / root_two) + cdf(mixture, -end) + upper_tail(mixture, end);
  sum = Ball::hull(Ball(0), sum);
  Ball before;
  for (std::size_t i = 0; i < cuts.size(); ++i) {
    const Ball difference = cdf(mixture, cuts[i]) - erfc(-cuts[i] / root_two) / 2;
    if (i > 0) {
      sum += abs(difference - before);
    }
    before = difference;
  }
  return sum / 2;
}

Ball kl_to_standard_normal(const StudentMarginal& marginal, long digits) {
  const Ball upper = Ball(marginal.dim()) * marginal.mean_scale_divergence(digits) / 2;
  if (!upper.finite()) {
    return upper;
  }
  return Ball::hull(larger(binned_divergence(marginal), Ball(0)), upper);
}

}  // namespace lemmabench
