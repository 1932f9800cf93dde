#include "theory/initialisation/standard_normal_distance.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>

#include "numerics/ball_functions.hpp"
#include "numerics/chi_square.hpp"
#include "numerics/evaluation_budget.hpp"
#include "numerics/jet.hpp"
#include "numerics/log_gamma.hpp"
#include "theory/mixture/mixture_bounds.hpp"
#include "theory/mixture/mixture_integrals.hpp"
#include "theory/radial/radial_integrals.hpp"

namespace lemmabench {
namespace {

Ball half_log_two_pi() { return log(2 * Ball::pi()) / 2; }

/// The radius beyond which the tail of sqrt(abar W) |G|, about C (abar/r^2)^k with k = nu/2,
/// exceeds that of |G| three times. In doubles and at midpoints: any radius gives a true bound.
double crossing_radius(const StudentMarginal& marginal) {
  const double k = marginal.nu().to_double() / 2;
  const double half = static_cast<double>(marginal.dim()) / 2;
  const double log_c = k * std::log(2 * k) + log_gamma(half + k) - log_gamma(half) -
                       log_gamma(k + 1) + k * std::log(marginal.level().abar.to_double());
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

/// A piece of the line between exact ends.
struct Piece {
  Ball low;
  Ball high;

  Ball box() const { return Ball::hull(low, high); }
  Ball middle() const { return ((low + high) / 2).midpoint(); }
};

/// Where p - phi changes sign: the zeros of f = log(p/phi), by halving and the interval Newton
/// method. Every point of the interval lies in a piece without a zero, in one with exactly one, or
/// in one that is unclear: those are cut at their middle, and what may be missed by that is
/// bounded.
class Crossings {
 public:
  Crossings(const BallMixture<>& mixture, const Ball& end) : mixture_(mixture) {
    std::vector<Piece> open = {{-end, end}};
    for (int depth = 0; !open.empty(); ++depth) {
      std::vector<Piece> halves;
      for (const Piece& piece : open) {
        if (depth < kLeastDepth || !settle(piece)) {
          halves.push_back({piece.low, piece.middle()});
          halves.push_back({piece.middle(), piece.high});
        }
      }
      open = std::move(halves);
      if (looked_at_ > kPieces) {
        break;
      }
    }
    for (const Piece& piece : open) {
      give_up(piece, value_on(piece));
    }
    std::sort(cuts_.begin(), cuts_.end(), [](const Cut& a, const Cut& b) {
      return a.low.less_than(b.low) == Truth::certainly;  // exact, and all different
    });
  }

  /// One point each of all pieces that have a zero or are unclear, ascending.
  std::vector<Ball> cuts() const {
    std::vector<Ball> out;
    for (const Cut& cut : cuts_) {
      out.push_back(cut.at);
    }
    return out;
  }
  /// Between two cuts p - phi has one sign but on the unclear pieces. So sum |D(x_{i+1}) - D(x_i)|
  /// is too small by at most this, 2 int |p - phi| over those.
  const Ball& missed() const { return missed_; }

 private:
  static constexpr int kLeastDepth = 4;
  static constexpr int kPieces = 4000;
  static constexpr int kOrder = 8;

  struct Cut {
    Ball low;  ///< of its piece
    Ball at;
  };

  /// True when there is nothing more to be found out by halving.
  bool settle(const Piece& piece) {
    ++looked_at_;
    EvaluationBudget::spend(20 * static_cast<double>(mixture_.size()));
    const Ball box = piece.box();
    const Ball centre = value(piece.middle());
    const auto has_zero = [](const Ball& x) { return !x.finite() || x.contains_zero(); };
    Ball slope = derivative(box);
    if (!has_zero(Ball::around(centre, slope.magnitude_upper() * box.radius()))) {
      return true;
    }
    std::optional<Ball> values;
    if (has_zero(slope)) {
      // Where the moments of p are those of phi the terms of the slope cancel, as series see.
      values = value_on(piece);
      if (!has_zero(*values)) {
        return true;
      }
      slope = slope_on(piece);
    }
    if (!has_zero(slope)) {
      const Ball ends = value(piece.low) * value(piece.high);
      if (!has_zero(ends)) {
        if (ends.positive() == Truth::certainly_not) {
          cuts_.push_back({piece.low, newton(piece)});
        }
        return true;
      }
    }
    if (!values) {
      values = value_on(piece);
    }
    // Values as uncertain as a single one: rounding is all that is seen.
    if (values->radius().less_than(4 * centre.radius()) == Truth::certainly) {
      give_up(piece, *values);
      return true;
    }
    return false;
  }

  /// |p - phi| = phi |e^f - 1|, and at most p + phi.
  void give_up(const Piece& piece, const Ball& values) {
    const Ball normal = normal_interval_probability(Ball(1), piece.low, piece.high);
    Ball bound = normal * expm1(values).magnitude_upper();
    if (!bound.finite()) {
      bound = normal + interval_probability(mixture_, piece.low, piece.high);
    }
    missed_ += 2 * bound.magnitude_upper();
    cuts_.push_back({piece.low, piece.middle()});
  }

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
  Jet<Ball> series(const Ball& x) const {
    const Jet<Ball> at = Jet<Ball>::variable(x, kOrder);
    return mixture_.at(at).log_density() + at * at / 2 + half_log_two_pi();
  }
  Ball value_on(const Piece& piece) const {
    const Ball box = piece.box();
    return taylor_enclosure(series(piece.middle()), series(box), box - piece.middle());
  }
  Ball slope_on(const Piece& piece) const {
    const Ball box = piece.box();
    return taylor_enclosure(series(piece.middle()).differentiated(), series(box).differentiated(),
                            box - piece.middle());
  }

  /// The only zero in the piece, by the interval Newton method, as tightly as the precision allows.
  Ball newton(Piece piece) const {
    Ball box = piece.box();
    for (;;) {
      const Ball centre = box.midpoint();
      Ball slope = derivative(box);
      if (slope.contains_zero()) {
        slope = slope_on({lower_end(box), upper_end(box)});
      }
      const Ball step = centre - value(centre) / slope;
      Ball next;
      if (arb_intersection(next.raw(), step.raw(), box.raw(), PrecisionScope::bits()) == 0 ||
          (2 * next.radius()).less_than(box.radius()) != Truth::certainly) {
        return box;
      }
      box = next;
    }
  }

  const BallMixture<>& mixture_;
  std::vector<Cut> cuts_;
  Ball missed_;
  int looked_at_ = 0;
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

Ball kl_to_standard_normal(const BallScaleMixture<>& mixture, long digits) {
  const RadialIntegral integrate(mixture);
  const Ball dim(mixture.dim());
  const Ball constant = dim * half_log_two_pi();
  const auto f = [&](const ComplexBall& q) {
    const auto at = mixture.at(q);
    return at.scaled_density() * (at.log_density() + q / 2 + ComplexBall(constant)) / dim;
  };
  // |log p| <= log_slope q, |log phi| <= q/2 + 0.92 d and d <= tau q for q > Q.
  const Ball factor = (integrate.log_slope() + integrate.tau() + 1) / dim;
  return dim * integrate(f, factor, 1, {digits, Accuracy::absolute});
}

Ball tv_to_standard_normal(const BallMixture<>& mixture) {
  // 14 standard deviations of everything: what is beyond has mass below 1e-43.
  Ball reach(1);
  for (std::size_t k = 0; k < mixture.size(); ++k) {
    reach = larger(reach, abs(mixture.mean(k)) + sqrt(mixture.variance(k)));
  }
  const Ball end = (14 * reach).magnitude_upper();
  const Crossings crossings(mixture, end);
  std::vector<Ball> cuts = crossings.cuts();
  cuts.insert(cuts.begin(), -end);
  cuts.push_back(end);
  const Ball root_two = sqrt(Ball(2));
  Ball sum = erfc(end / root_two) + cdf(mixture, -end) + upper_tail(mixture, end);
  sum = Ball::hull(Ball(0), sum + crossings.missed());
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
