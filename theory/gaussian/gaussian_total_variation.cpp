#include "theory/gaussian/gaussian_total_variation.hpp"

#include <bit>
#include <cmath>

#include "numerics/adaptive_precision.hpp"
#include "numerics/chi_square.hpp"
#include "numerics/complex_ball.hpp"
#include "numerics/error.hpp"
#include "numerics/mp.hpp"
#include "theory/gaussian/gaussian_contour.hpp"

namespace lemmabench {
namespace {

using contour::Choice;
using contour::ScaledBlock;
using contour::ScaledSpectrum;

struct Integrand {
  const ScaledSpectrum<Ball>& spectrum;
  Ball vertex;
  Ball bend;
  Ball rise;
  std::vector<Ball> excess;  ///< m ratio (log(1+e)/e - 1)
  std::vector<Ball> slope;   ///< m ratio log(1+e)/e
};

/// log B(u), with the logarithms' cuts turned into an infinite result when `analytic`.
void log_b(acb_t result, const Integrand& in, const acb_t u, const acb_t far, int analytic,
           slong prec) {
  ComplexBall x;
  ComplexBall term;
  Ball linear;
  mag_t size;
  mag_init(size);
  acb_zero(result);
  for (std::size_t i = 0; i < in.spectrum.blocks.size(); ++i) {
    const ScaledBlock<Ball>& block = in.spectrum.blocks[i];
    acb_mul_arb(x.raw(), u, block.ratio.raw(), prec);
    acb_get_mag(size, x.raw());
    // m (x log(1+e)/e - log(1+x)): where x is small the leading terms cancel, and many coordinates
    // make that matter.
    const bool small = mag_cmp_2exp_si(size, -5) < 0;
    arb_add(linear.raw(), linear.raw(), (small ? in.excess : in.slope)[i].raw(), prec);
    if (small) {
      log1p_minus(term.raw(), x.raw(), prec);
    } else {
      acb_add_ui(term.raw(), x.raw(), 1, prec);
      acb_log_analytic(term.raw(), term.raw(), analytic, prec);
    }
    acb_submul_si(result, term.raw(), block.multiplicity, prec);
    if (arb_is_zero(block.shift.raw()) == 0) {
      acb_mul(term.raw(), u, far, prec);
      acb_add_ui(x.raw(), x.raw(), 1, prec);
      acb_div(term.raw(), term.raw(), x.raw(), prec);
      acb_mul_arb(term.raw(), term.raw(), block.shift.raw(), prec);
      acb_sub(result, result, term.raw(), prec);
    }
  }
  mag_clear(size);
  acb_addmul_arb(result, u, linear.raw(), prec);
  acb_mul_2exp_si(result, result, -1);
}

/// B(u) u'(t)/(u (scale-u)), for acb_calc_integrate.
int evaluate(acb_ptr out, const acb_t t, void* param, slong order, slong prec) {
  const Integrand& in = *static_cast<const Integrand*>(param);
  ComplexBall sinh;
  ComplexBall cosh;
  ComplexBall u;
  ComplexBall slope;
  ComplexBall far;
  acb_sinh_cosh(sinh.raw(), cosh.raw(), t, prec);
  acb_mul_arb(u.raw(), sinh.raw(), in.rise.raw(), prec);
  acb_mul_onei(u.raw(), u.raw());
  acb_mul_arb(slope.raw(), cosh.raw(), in.rise.raw(), prec);
  acb_mul_onei(slope.raw(), slope.raw());
  acb_submul_arb(slope.raw(), sinh.raw(), in.bend.raw(), prec);
  acb_sub_ui(cosh.raw(), cosh.raw(), 1, prec);
  acb_submul_arb(u.raw(), cosh.raw(), in.bend.raw(), prec);
  acb_add_arb(u.raw(), u.raw(), in.vertex.raw(), prec);
  acb_neg(far.raw(), u.raw());
  acb_add_arb(far.raw(), far.raw(), in.spectrum.scale.raw(), prec);

  log_b(out, in, u.raw(), far.raw(), static_cast<int>(order), prec);
  acb_exp(out, out, prec);
  acb_mul(out, out, slope.raw(), prec);
  acb_mul(u.raw(), u.raw(), far.raw(), prec);
  acb_div(out, out, u.raw(), prec);
  return 0;
}

/// A bound of what the integral of TV/scale has beyond u(t): exp(log_bound_above)/(pi Im u).
Ball tail_beyond(const Integrand& in, double t) {
  Ball sinh;
  Ball cosh;
  arb_sinh_cosh(sinh.raw(), cosh.raw(), Ball::exactly(t).raw(), PrecisionScope::bits());
  const Ball re = in.vertex + in.bend * (1 - cosh);
  const Ball im = in.rise * sinh;
  return (exp(log_bound_above(in.spectrum, re, im)) / (Ball::pi() * im)).magnitude_upper();
}

/// What the formula needs of the curve: it crosses the axis between the cut and 0, or between 0 and
/// scale. The rest follows from its shape, Im u > 0 for t > 0.
void require_crossing(const Integrand& in, bool between) {
  const auto positive = [](const Ball& x) { return x.positive() == Truth::certainly; };
  bool inside = positive(in.rise);
  if (between) {
    inside = inside && positive(in.vertex) && positive(in.spectrum.scale - in.vertex);
  } else {
    inside = inside && positive(-in.vertex);
  }
  for (const ScaledBlock<Ball>& block : in.spectrum.blocks) {
    inside = inside && positive(block.ratio * in.vertex + 1);
  }
  if (!inside) {
    throw NumericalFailure("total variation: no place for the contour to cross the axis");
  }
}

/// TV/scale or (1-TV)/scale, radius at most `tolerance` if the working precision allows.
Ball contour_integral(const ScaledSpectrum<Ball>& spectrum, const Choice& choice,
                      const Ball& tolerance) {
  const auto& hyperbola = choice.hyperbola;
  Integrand in{spectrum,
               Ball::exactly(hyperbola.vertex),
               Ball::exactly(hyperbola.bend),
               Ball::exactly(hyperbola.rise),
               {},
               {}};
  for (const ScaledBlock<Ball>& block : spectrum.blocks) {
    const Ball weight = Ball(block.multiplicity) * block.ratio;
    in.excess.push_back(weight * block.excess);
    in.slope.push_back(weight * block.slope);
  }
  require_crossing(in, choice.between);
  double end = 1;
  Ball tail = tail_beyond(in, end);
  while (tail.less_than(tolerance) != Truth::certainly) {
    end += 0.25;
    if (end > 2000) {
      throw NumericalFailure("total variation: the integrand does not decay");
    }
    tail = tail_beyond(in, end);
  }
  ComplexBall integral;
  ComplexBall from;
  ComplexBall to;
  acb_set_d(to.raw(), end);
  mag_t absolute;
  mag_init(absolute);
  arb_get_mag_lower(absolute, tolerance.raw());
  const long prec = PrecisionScope::bits();
  acb_calc_integrate(integral.raw(), evaluate, &in, from.raw(), to.raw(), prec, absolute, nullptr,
                     prec);
  mag_clear(absolute);
  Ball result = integral.imaginary();
  if (!choice.between) {
    result = -result;
  }
  return Ball::around(result / Ball::pi(), tail);
}

/// TV at exact blocks by the contour.
Ball contour_at(RelativeBlocks<Ball> blocks, long digits) {
  long largest = 1;
  for (const RelativeBlock<Ball>& block : blocks) {
    largest = std::max(largest, block.multiplicity);
  }
  const long extra = static_cast<long>(std::bit_width(static_cast<unsigned long>(largest)));
  return enclose(
      [&] {
        // The integrator grants the tolerance to every one of its (up to some hundred) intervals.
        const long tolerated = 16 - PrecisionScope::bits();
        const PrecisionScope scope(PrecisionScope::bits() + extra);
        const auto problem = contour::prepare(blocks, PrecisionScope::bits());
        const auto& [spectrum, choice] = problem;
        const auto guess = contour::integrate(contour::in_double(spectrum), choice, 1e-6);
        // What is integrated is TV or 1 - TV; the digits are those of TV.
        const Ball size = choice.between ? 1 / spectrum.scale : Ball::exactly(guess.value);
        const Ball tolerance = contour::times_power_of_two(size.magnitude_lower(), tolerated);
        return problem.total_variation(contour_integral(spectrum, choice, tolerance));
      },
      digits);
}

/// The decisions below are at exact blocks (the centres), so that they are those of the numbers.

/// |P_d(a) - P_d(b)|, b = d log(1+e)/e, a = (1+e) b, at an exact e.
Ball isotropic_at(const Ball& e, long d, long digits) {
  const long cancelled = std::max(0L, -contour::exponent(e)) + 8;
  return enclose(
      [&] {
        const PrecisionScope scope(PrecisionScope::bits() + cancelled);
        const Ball b = Ball(d) * log1p(e) / e;
        const Ball a = b * (e + 1);
        // a > d > b when e > 0: the complements are the small ones.
        return e.positive() == Truth::certainly
                   ? 1 - chi_square_upper(a, d) - chi_square_lower(b, d)
                   : 1 - chi_square_upper(b, d) - chi_square_lower(a, d);
      },
      digits);
}

/// The blocks' midpoints, and a bound of TV(q at the midpoints, q anywhere in the blocks).
struct Centred {
  std::vector<RelativeBlock<Ball>> blocks;
  Ball widening;
  bool equal_variances = true;
  Ball shift{0};
};

Centred centred(RelativeBlocks<Ball> blocks) {
  Centred out;
  Ball divergence(0);  // KL(q'||q) of every q' in the blocks
  for (const RelativeBlock<Ball>& block : blocks) {
    RelativeBlock<Ball> centre{block.e.midpoint(), block.shift.midpoint(), block.multiplicity};
    if (arb_is_negative(centre.shift.raw()) != 0) {
      centre.shift = Ball(0);  // the true shift is not negative, and the distance to it is less
    }
    const Ball variance = centre.e + 1;
    const Ball delta = block.e.radius() / variance;
    // delta' - log(1+delta') <= delta^2/(2(1-delta)) for |delta'| <= delta < 1
    divergence += Ball(block.multiplicity) * delta * delta / (1 - delta) / 4;
    // (sqrt D - sqrt D')^2 <= min(|D-D'|, (D-D')^2/D)
    const Ball distance = (block.shift - centre.shift).magnitude_upper();
    if (!distance.exact() || arb_is_zero(distance.raw()) == 0) {
      Ball square = distance;
      if (arb_is_zero(centre.shift.raw()) == 0) {
        const Ball other = distance * distance / centre.shift;
        arb_min(square.raw(), square.raw(), other.raw(), PrecisionScope::bits());
      }
      divergence += square / variance / 2;
    }
    out.equal_variances = out.equal_variances && arb_is_zero(centre.e.raw()) != 0;
    out.shift += centre.shift;
    out.blocks.push_back(std::move(centre));
  }
  out.widening = sqrt(divergence / 2);
  return out;
}

/// TV is in [0, 1]: a wide ball is cut to that.
Quantity proved(const Ball& tv, const Ball& widening) {
  Ball result = Ball::around(tv, widening);
  const Ball unit = Ball::hull(Ball(0), Ball(1));
  if (!result.finite()) {
    return Proved{unit};
  }
  if (arb_contains(unit.raw(), result.raw()) == 0) {
    Ball cut;
    if (arb_intersection(cut.raw(), result.raw(), unit.raw(), PrecisionScope::bits()) != 0) {
      result = cut;
    }
  }
  return Proved{std::move(result)};
}

/// Digits worth computing when the radii of the blocks will widen the result by `widening`: a
/// guess that decides the cost and the radius, not what the ball contains.
long useful_digits(const Ball& widening, double rough, long digits) {
  const double wide = widening.to_double();
  if (!(wide > 0) || !(rough > 0)) {
    return digits;
  }
  const double known = std::log10(rough / wide) + 3;
  return known < static_cast<double>(digits) ? std::max(3L, static_cast<long>(known)) : digits;
}

Quantity enclosed(RelativeBlocks<Ball> blocks, long digits, bool chi_square) {
  require_domain(blocks);
  const PrecisionScope scope(bits_for_digits(digits) + 64);
  const Centred centre = centred(blocks);
  const RelativeBlocks<Ball> points = centre.blocks;
  if (centre.equal_variances) {
    Ball tv = sqrt(centre.shift / 8);
    arb_hypgeom_erf(tv.raw(), tv.raw(), PrecisionScope::bits());
    return proved(tv, centre.widening);
  }
  const double rough = hellinger<Ball>(points).to_double();
  const long useful = useful_digits(centre.widening, rough, digits);
  const RelativeBlock<Ball>& first = points.front();
  const bool single = points.size() == 1 && arb_is_zero(first.shift.raw()) != 0;
  if (chi_square && single && first.multiplicity <= 1000000) {
    return proved(isotropic_at(first.e, first.multiplicity, useful), centre.widening);
  }
  return proved(contour_at(points, useful), centre.widening);
}

}  // namespace

template <class Real>
Estimate<Real> estimate_total_variation(RelativeBlocks<Real> blocks) {
  require_domain(blocks);
  const auto problem =
      contour::prepare(blocks, static_cast<long>(std::numeric_limits<Real>::digits));
  const auto& [spectrum, choice] = problem;
  if (spectrum.scale == 0) {
    return {Real(0), Real(0)};
  }
  const Real epsilon = std::numeric_limits<Real>::epsilon();
  const auto sum = contour::integrate<Real>(spectrum, choice, 8 * epsilon);
  const Real value = problem.total_variation(sum.value);
  return {value, spectrum.scale * sum.error + epsilon * value};
}

#define LEMMABENCH_INSTANTIATE(Real) \
  template Estimate<Real> estimate_total_variation<Real>(RelativeBlocks<Real>);
LEMMABENCH_FOR_EACH_FLOAT(LEMMABENCH_INSTANTIATE)
#undef LEMMABENCH_INSTANTIATE

Quantity total_variation(RelativeBlocks<Ball> blocks, long digits) {
  return enclosed(blocks, digits, true);
}

Quantity total_variation_by_contour(RelativeBlocks<Ball> blocks, long digits) {
  return enclosed(blocks, digits, false);
}

}  // namespace lemmabench
