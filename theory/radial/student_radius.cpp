#include "theory/radial/student_radius.hpp"

#include <algorithm>
#include <cmath>

#include "numerics/ball_integral.hpp"
#include "numerics/error.hpp"
#include "numerics/evaluation_budget.hpp"

namespace lemmabench {
namespace {

Ball infinite() {
  Ball result;
  arb_zero_pm_inf(result.raw());
  return result;
}

/// Enough for the digits asked for and no more: erfc on complex balls is slow.
long working_bits(long digits) { return bits_for_digits(digits) + 40; }

/// Gamma(k, y)/Gamma(k) for k, y > 0.
Ball regularised_gamma_upper(const Ball& k, const Ball& y) {
  Ball result;
  arb_hypgeom_gamma_upper(result.raw(), k.raw(), y.raw(), 1, PrecisionScope::bits());
  return result;
}

}  // namespace

ComplexBall chi_square_upper(const ComplexBall& y, long d, bool analytic) {
  EvaluationBudget::spend(static_cast<double>(d) + 20);
  ComplexBall term(1);
  ComplexBall sum(0);
  ComplexBall result(0);
  long twice = 2;  // 2 k of the term y^k/Gamma(k+1)
  if (d % 2 != 0) {
    const ComplexBall root = sqrt(y, analytic);
    acb_hypgeom_erfc(result.raw(), root.raw(), PrecisionScope::bits());
    term = root * 2 / sqrt(Ball::pi());
    twice = 3;
  }
  for (; twice <= d; twice += 2) {
    sum += term;
    term *= y;
    term *= Ball(Rational(2, twice));
  }
  return result + exp(-y) * sum;
}

StudentMarginal::StudentMarginal(long dim, const Rational& nu, const Level<Ball>& level)
    : dim_(dim),
      nu_(nu),
      level_(level),
      shape_(Ball(nu) / 2),
      log_normaliser_(shape_ * log(shape_) - lgamma(shape_)) {}

Ball StudentMarginal::scale(const Ball& u) const { return level_.abar * exp(u) + level_.noise; }

/// log f(u), with e = e^u.
ComplexBall StudentMarginal::log_weight(const ComplexBall& u, const ComplexBall& e) const {
  return ComplexBall(log_normaliser_) - (u + ComplexBall(1) / e) * shape_;
}

/// P(W <= e^u) = Gamma(k, k e^{-u})/Gamma(k).
Ball StudentMarginal::mass_below(const Ball& u) const {
  return regularised_gamma_upper(shape_, shape_ * exp(-u)).magnitude_upper();
}

/// P(W > e^u) <= int_u^inf k^k/Gamma(k) e^{-k u}.
Ball StudentMarginal::mass_above(const Ball& u) const {
  return (exp(log_normaliser_ - shape_ * u) / shape_).magnitude_upper();
}

// Here and in points(), at midpoints and in double: where to cut an integral is a matter of cost.
double StudentMarginal::transition(const Ball& r) const {
  const double square = r.to_double() * r.to_double() / static_cast<double>(dim_);
  const double excess = (square - level_.noise.to_double()) / level_.abar.to_double();
  return excess > 1 ? std::log(excess) : 0;
}

std::vector<Ball> StudentMarginal::points(double transition, long digits) const {
  const double k = shape_.to_double();
  const double wanted = 2.4 * static_cast<double>(digits) + 12;
  // What the integral is smaller than 1 by is about e^{-(k + d/2) transition}.
  const double small = (k + static_cast<double>(dim_) / 2) * (transition + 2);
  const double from = -std::log((wanted + small) / k);
  const double to = transition + wanted / k;
  std::vector<Ball> out = {Ball::exactly(from)};
  for (const double point : {0.0, transition, to}) {
    if (point > out.back().to_double() + 0.5) {
      out.push_back(Ball::exactly(point));
    }
  }
  return out;
}

Ball StudentMarginal::density(const Ball& r, long digits) const {
  const PrecisionScope scope(working_bits(digits));
  const std::vector<Ball> at = points(transition(r), digits);
  const Ball half_square = r * r / 2;
  const Ball half_dim = Ball(Rational(dim_, 2));
  const ComplexFunction integrand = [&](const ComplexBall& u, bool analytic) {
    const ComplexBall e = exp(u);
    const ComplexBall s = e * level_.abar + ComplexBall(level_.noise);
    return exp(log_weight(u, e) - ComplexBall(half_square) / s - log(s, analytic) * half_dim);
  };
  const auto kernel = [&](const Ball& s) { return exp(-half_square / s - half_dim * log(s)); };
  // s^{-d/2} e^{-r^2/2s} rises to s = r^2/d; beyond the upper end it is at most s^{-d/2}.
  const Ball low = scale(at.front());
  Ball largest = kernel(low);
  if ((Ball(dim_) * low).less_than(r * r) != Truth::certainly) {
    largest =
        arb_is_zero(r.raw()) != 0 ? exp(-half_dim * log(level_.noise)) : kernel(r * r / Ball(dim_));
  }
  const Ball tails = largest * mass_below(at.front()) +
                     exp(-half_dim * log(scale(at.back()))) * mass_above(at.back());
  const Ball value =
      integral_with_tails(integrand, at, tails.magnitude_upper(), {.digits = digits});
  return value * exp(-half_dim * log(2 * Ball::pi()));
}

Ball StudentMarginal::typical_radius(const Ball& bound) const {
  // log p + bound falls with x = log r; its sign is certain except within 1e-5 of the zero.
  const auto excess = [&](double x) { return log(density(Ball::exactly(std::exp(x)), 5)) + bound; };
  double low = 0;
  while (excess(low).positive() != Truth::certainly) {
    if ((low -= 2) < -20) {
      throw NumericalFailure("student marginal: no point is typical");
    }
  }
  double high = low + 1;
  while (excess(high).positive() != Truth::certainly_not) {
    high += high - low;
  }
  // Regula falsi with the Illinois correction, in doubles.
  double f_low = excess(low).to_double();
  double f_high = excess(high).to_double();
  double zero = low;
  for (double former = high; std::abs(zero - former) > 1e-4;) {
    former = zero;
    zero = (low * f_high - high * f_low) / (f_high - f_low);
    const double f = excess(zero).to_double();
    if (f > 0) {
      low = zero;
      f_low = f;
      f_high /= 2;
    } else {
      high = zero;
      f_high = f;
      f_low /= 2;
    }
  }
  for (double spread = 5e-4; spread < 1; spread *= 4) {
    const double inside = zero - spread;
    const double outside = zero + spread;
    if (excess(inside).positive() == Truth::certainly &&
        excess(outside).positive() == Truth::certainly_not) {
      return Ball::hull(Ball::exactly(std::exp(inside)), Ball::exactly(std::exp(outside)));
    }
  }
  throw NumericalFailure("student marginal: the typical radius could not be enclosed");
}

Ball StudentMarginal::tail(const Ball& r, long digits) const {
  const PrecisionScope scope(working_bits(digits));
  const std::vector<Ball> at = points(transition(r), digits);
  const Ball half_square = r * r / 2;
  const ComplexFunction integrand = [&](const ComplexBall& u, bool analytic) {
    const ComplexBall e = exp(u);
    const ComplexBall s = e * level_.abar + ComplexBall(level_.noise);
    return exp(log_weight(u, e)) * chi_square_upper(ComplexBall(half_square) / s, dim_, analytic);
  };
  // The conditional tail increases with s and is at most 1.
  const ComplexBall low = ComplexBall(half_square / scale(at.front()));
  const Ball tails =
      chi_square_upper(low, dim_, false).real() * mass_below(at.front()) + mass_above(at.back());
  return integral_with_tails(integrand, at, tails.magnitude_upper(), {.digits = digits});
}

Ball StudentMarginal::second_moment() const {
  const Rational excess = nu_ - Rational(2);
  if (excess.sign() <= 0) {
    return infinite();
  }
  return Ball(dim_) * (level_.abar * Ball(nu_ / excess) + level_.noise);
}

Ball StudentMarginal::mean_scale_divergence(long digits) const {
  const Rational excess = nu_ - Rational(2);
  if (excess.sign() <= 0) {
    return infinite();
  }
  const PrecisionScope scope(working_bits(digits));
  const double spread = -std::log(level_.abar.to_double());
  const std::vector<Ball> at = points(std::max(spread, 0.0), digits);
  const ComplexFunction integrand = [&](const ComplexBall& u, bool analytic) {
    const ComplexBall e = exp(u);
    return exp(log_weight(u, e)) * log(e * level_.abar + ComplexBall(level_.noise), analytic);
  };
  // Below, log(1-abar) <= log s <= log(1 + abar e^u); above, log s <= log(1 + abar e^u) grows at
  // most by u - to.
  const Ball top = log1p(level_.abar * exp(at.back()));
  const Ball tails =
      abs(log(level_.noise)) * mass_below(at.front()) + mass_above(at.back()) * (top + 1 / shape_);
  const Ball mean_log =
      integral_with_tails(integrand, at, tails.magnitude_upper(), {digits, Accuracy::absolute});
  // E[s - 1] = abar (E W - 1) = abar 2/(nu-2).
  return level_.abar * Ball(Rational(2) / excess) - mean_log;
}

}  // namespace lemmabench
