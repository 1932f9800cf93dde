#include "theory/gaussian/gaussian_contour.hpp"

#include <cmath>

#include "numerics/error.hpp"
#include "numerics/mp.hpp"

namespace lemmabench::contour {
namespace {

/// First and second derivative of log B(u) - log(u (u - scale)) on the axis.
struct Slopes {
  double first = 0;
  double second = 0;
};

Slopes slopes(const ScaledSpectrum<double>& spectrum, double u) {
  const double far = spectrum.scale - u;
  Slopes out{-1 / u + 1 / far, 1 / (u * u) + 1 / (far * far)};
  for (const ScaledBlock<double>& block : spectrum.blocks) {
    const double x = block.ratio * u;
    const double w = 1 + x;
    const auto m = static_cast<double>(block.multiplicity);
    const double force = std::abs(x) < 0.5 ? block.excess + x / w : block.slope - 1 / w;
    out.first += m / 2 * block.ratio * force;
    out.second += m / 2 * block.ratio * block.ratio / (w * w);
    out.first -= block.shift / 2 * ((spectrum.scale - 2 * u) - x * far / w) / w;
    out.second += block.shift * (1 + block.e) / (w * w * w);
  }
  return out;
}

/// x log(1+e)/e - log(1+x): by log(1+.)/. - 1 of both when x is small and the leading terms would
/// cancel, plainly when x is large and the others would.
template <class Real>
Complex<Real> block_exponent(const ScaledBlock<Real>& block, const Complex<Real>& x, Real& moduli) {
  const Real size = taxicab(x);
  if (2 * size <= 1) {
    const Real enough = size * std::numeric_limits<Real>::epsilon() / 4;
    const auto negligible = [&](const Complex<Real>& term) { return taxicab(term) <= enough; };
    const Complex<Real> linear = block.excess * x;
    const Complex<Real> curved = x * log1p_excess_series(x, negligible);
    moduli = taxicab(linear) + taxicab(curved);
    return linear - curved;
  }
  const Complex<Real> linear = block.slope * x;
  const Complex<Real> curved = log(x + 1);
  moduli = taxicab(linear) + taxicab(curved);
  return linear - curved;
}

/// log B(u), and the sum of the moduli of what it is added up from (for the rounding error).
template <class Real>
Complex<Real> log_b(const ScaledSpectrum<Real>& spectrum, const Complex<Real>& u, Real& moduli) {
  Complex<Real> sum{Real(0), Real(0)};
  moduli = Real(0);
  for (const ScaledBlock<Real>& block : spectrum.blocks) {
    const Complex<Real> x = block.ratio * u;
    const Real half = Real(block.multiplicity) / 2;
    Real block_moduli(0);
    sum = sum + half * block_exponent(block, x, block_moduli);
    moduli += half * block_moduli;
    if (block.shift != 0) {
      const Complex<Real> far{spectrum.scale - u.re, -u.im};
      const Complex<Real> term = (block.shift / 2) * (u * far / (x + 1));
      sum = sum - term;
      moduli += taxicab(term);
    }
  }
  return sum;
}

/// The trapezoid rule on one hyperbola, kept as node sums so that halving the step reuses them.
template <class Real>
class Rule {
 public:
  Rule(const ScaledSpectrum<Real>& spectrum, const Choice& choice)
      : spectrum_(spectrum),
        sign_(choice.between ? 1 : -1),
        vertex_(choice.hyperbola.vertex),
        bend_(choice.hyperbola.bend),
        rise_(choice.hyperbola.rise) {
    sum_ = at(Real(0)) / 2;
    central_ = sum_;
    add_nodes(Real(step_), Real(step_));
  }

  Real value() const { return sum_ * Real(step_); }
  int nodes() const { return nodes_; }
  /// Rounding in log B shifts a node by that much relatively: eps times the weighted sum.
  Real rounding() const { return rounding_ * std::numeric_limits<Real>::epsilon() * Real(step_); }
  void halve() {
    step_ /= 2;
    add_nodes(Real(step_), Real(2 * step_));
  }

 private:
  void add_nodes(Real t, const Real& stride) {
    for (;; t += stride) {
      if (t > 2000) {
        throw NumericalFailure("total variation: the integrand does not decay");
      }
      const Real f = at(t);
      sum_ += f;
      if (rest_is_negligible()) {
        return;
      }
    }
  }

  /// -+(1/pi) Im(B u'/(u (scale-u))) at u(t).
  Real at(const Real& t) {
    using std::abs;
    using std::exp;
    ++nodes_;
    const Real e = exp(t);
    const Real sinh = t == 0 ? Real(0) : Real((e - 1 / e) / 2);
    const Real cosh = (e + 1 / e) / 2;
    const Complex<Real> slope{-bend_ * sinh, rise_ * cosh};
    u_ = {vertex_ + bend_ * (1 - cosh), rise_ * sinh};
    Real moduli(0);
    const Complex<Real> b = exp(log_b(spectrum_, u_, moduli));
    const Complex<Real> far{spectrum_.scale - u_.re, -u_.im};
    const Complex<Real> f = b * (slope / u_) / far;
    const Real node = sign_ * f.im / pi<Real>();
    rounding_ += (16 + moduli) * abs(node);
    return node;
  }

  /// What the integral still has beyond u_, bounded on the vertical line above it.
  bool rest_is_negligible() const {
    using std::exp;
    const Real log_bound = log_bound_above(spectrum_, u_.re, u_.im);
    return exp(log_bound) / (pi<Real>() * u_.im) <=
           std::numeric_limits<Real>::epsilon() / 4 * central_;
  }

  const ScaledSpectrum<Real>& spectrum_;
  int sign_;
  Real vertex_;
  Real bend_;
  Real rise_;
  double step_ = 0.5;
  int nodes_ = 0;
  Real sum_{};
  Real central_{};
  Real rounding_{};
  Complex<Real> u_{};
};

/// A saddle on the axis and the width of the integrand there.
struct Saddle {
  double vertex = 0;
  double width = 0;
};

Saddle find_saddle(const ScaledSpectrum<double>& spectrum, bool between) {
  double largest = 0;
  for (const ScaledBlock<double>& block : spectrum.blocks) {
    largest = std::max(largest, block.ratio);
  }
  // All of (0, scale), or all of (-1/largest, 0) with u = -e^-y first.
  const auto point = [&](double y) {
    return between ? spectrum.scale / (1 + std::exp(y)) : -1 / (std::exp(-y) + largest);
  };
  double low = -700;
  double high = 700;
  for (int i = 0; i < 48; ++i) {
    const double middle = (low + high) / 2;
    // The function is convex in u: left of the saddle (large y) its slope is negative.
    (slopes(spectrum, point(middle)).first > 0 ? low : high) = middle;
  }
  const double vertex = point(low);
  return {vertex, 1 / std::sqrt(slopes(spectrum, vertex).second)};
}

/// True when the integrand falls to 2^-bits of its value at the vertex and never exceeds 16 times
/// that value before.
bool falls(const ScaledSpectrum<double>& spectrum, const Hyperbola& hyperbola, long bits) {
  const double central = log_bound_above(spectrum, hyperbola.vertex, 0.0) -
                         std::log(std::abs(hyperbola.vertex)) -
                         std::log(spectrum.scale - hyperbola.vertex);
  const double target = central - 0.6931471805599453 * static_cast<double>(bits);
  for (double t = 0.25; t < 300; t += 0.25) {
    const double re = hyperbola.vertex + hyperbola.bend * (1 - std::cosh(t));
    const double im = hyperbola.rise * std::sinh(t);
    const double size = log_bound_above(spectrum, re, im) - std::log(std::hypot(re, im)) -
                        std::log(std::hypot(spectrum.scale - re, im)) + std::log(std::cosh(t));
    if (size > central + 2.772588722239781) {
      return false;
    }
    if (size < target) {
      return true;
    }
  }
  return false;
}

}  // namespace

Choice choose(const ScaledSpectrum<double>& direct, const ScaledSpectrum<double>& exchanged,
              long bits) {
  const bool between = log_bound_above(direct, direct.scale / 2, 0.0) < -1.2;
  const Saddle saddles[] = {find_saddle(direct, between), find_saddle(exchanged, between)};
  const auto hyperbola = [&](int side, double angle) -> Hyperbola {
    const auto& [vertex, width] = saddles[side];
    return {vertex, width * std::sin(angle), width * std::cos(angle)};
  };
  // pi/8 keeps the same distance to the vertical, where the decay is only algebraic, and to pi/4,
  // where a Gaussian B stops decaying.
  for (double angle = 0.39269908169872414; angle > 0.01; angle /= 2) {
    if (falls(direct, hyperbola(0, angle), bits)) {
      return {false, between, hyperbola(0, angle)};
    }
    if (falls(exchanged, hyperbola(1, angle), bits)) {
      return {true, between, hyperbola(1, angle)};
    }
  }
  return {false, between, hyperbola(0, 0)};
}

template <class Real>
Trapezoid<Real> integrate(const ScaledSpectrum<Real>& spectrum, const Choice& choice,
                          const Real& tolerance) {
  using std::abs;
  Rule<Real> rule(spectrum, choice);
  Real former = rule.value();
  while (rule.nodes() < 65536) {
    rule.halve();
    const Real now = rule.value();
    const Real change = abs(now - former);
    // Not by whether changes still shrink: one may be small by accident, its error being near a
    // change of sign, and the next as large.
    if (change <= tolerance * now || change <= rule.rounding()) {
      return {now, change + rule.rounding()};
    }
    former = now;
  }
  throw NumericalFailure("total variation: the trapezoid rule did not converge in 65536 nodes");
}

#define LEMMABENCH_INSTANTIATE(Real) \
  template Trapezoid<Real> integrate<Real>(const ScaledSpectrum<Real>&, const Choice&, const Real&);
LEMMABENCH_FOR_EACH_FLOAT(LEMMABENCH_INSTANTIATE)
#undef LEMMABENCH_INSTANTIATE

}  // namespace lemmabench::contour
