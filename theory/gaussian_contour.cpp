#include "theory/gaussian_contour.hpp"

#include <cmath>

#include "numerics/error.hpp"

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
    out.first += m / 2 * block.ratio * (block.excess + x / w);
    out.second += m / 2 * block.ratio * block.ratio / (w * w);
    out.first -= block.shift / 2 * ((spectrum.scale - 2 * u) - x * far / w) / w;
    out.second += block.shift * (1 + block.e) / (w * w * w);
  }
  return out;
}

template <class Real>
Complex<Real> log1p_minus_complex(const Complex<Real>& x) {
  const Real size = taxicab(x);
  if (2 * size <= 1) {
    const Real enough = size * std::numeric_limits<Real>::epsilon() / 4;
    return x * log1p_excess_series(
                   x, [&](const Complex<Real>& term) { return taxicab(term) <= enough; });
  }
  return log(x + 1) - x;
}

/// log B(u), and the sum of the moduli of what it is added up from (for the rounding error).
template <class Real>
Complex<Real> log_b(const ScaledSpectrum<Real>& spectrum, const Complex<Real>& u, Real& moduli) {
  Complex<Real> sum{Real(0), Real(0)};
  moduli = Real(0);
  for (const ScaledBlock<Real>& block : spectrum.blocks) {
    const Complex<Real> x = block.ratio * u;
    const Complex<Real> linear = block.excess * x;
    const Complex<Real> bend = log1p_minus_complex(x);
    const Real half = Real(block.multiplicity) / 2;
    sum = sum + half * (linear - bend);
    moduli += half * (taxicab(linear) + taxicab(bend));
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
  Rule(const ScaledSpectrum<Real>& spectrum, const Hyperbola& hyperbola)
      : spectrum_(spectrum),
        vertex_(hyperbola.vertex),
        bend_(hyperbola.bend),
        rise_(hyperbola.rise) {
    sum_ = at(Real(0)) / 2;
    central_ = sum_;
    add_nodes(Real(step_), Real(step_));
  }

  Real value() const { return sum_ * Real(step_); }
  int nodes() const { return nodes_; }
  /// Rounding in log B shifts a node by that much relatively: eps times the weighted sum.
  Real rounding() const { return rounding_ * std::numeric_limits<Real>::epsilon() * Real(step_); }
  /// True when the nodes grow away from the saddle: the hyperbola opens too widely.
  bool growing() const { return largest_ > 32 * central_; }

  void halve() {
    step_ /= 2;
    add_nodes(Real(step_), Real(2 * step_));
  }

 private:
  void add_nodes(Real t, const Real& stride) {
    using std::abs;
    using std::max;
    for (;; t += stride) {
      if (t > 2000) {
        throw NumericalFailure("total variation: the integrand does not decay");
      }
      const Real f = at(t);
      sum_ += f;
      largest_ = max(largest_, abs(f));
      if (rest_is_negligible() || largest_ > 32 * central_) {
        return;
      }
    }
  }

  /// -(1/pi) Im(B u'/(u (scale-u))) at u(t).
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
    const Real node = -f.im / pi<Real>();
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
  Real vertex_;
  Real bend_;
  Real rise_;
  double step_ = 0.5;
  int nodes_ = 0;
  Real sum_{};
  Real central_{};
  Real largest_{};
  Real rounding_{};
  Complex<Real> u_{};
};

}  // namespace

Hyperbola choose_hyperbola(const ScaledSpectrum<double>& spectrum, double angle) {
  double largest = 0;
  for (const ScaledBlock<double>& block : spectrum.blocks) {
    largest = std::max(largest, block.ratio);
  }
  // u = -e^y on a half line, u = -e^y/(1 + largest e^y) up to the cut at -1/largest.
  const auto point = [largest](double y) { return -1 / (std::exp(-y) + largest); };
  double low = -700;
  double high = 700;
  for (int i = 0; i < 48; ++i) {
    const double middle = (low + high) / 2;
    // The function is convex in u: left of the saddle (large y) its slope is negative.
    (slopes(spectrum, point(middle)).first > 0 ? low : high) = middle;
  }
  const double vertex = point(low);
  const double radius = 1 / std::sqrt(slopes(spectrum, vertex).second);
  return {vertex, radius * std::sin(angle), radius * std::cos(angle)};
}

template <class Real>
Trapezoid<Real> integrate(const ScaledSpectrum<Real>& spectrum, const Real& tolerance) {
  using std::abs;
  const ScaledSpectrum<double> guide = in_double(spectrum);
  // pi/8 keeps the same distance to the vertical, where the decay is only algebraic, and to pi/4,
  // where a Gaussian B stops decaying. Narrower when many coordinates of both signs make |B| grow.
  for (double angle = 0.3926990816987241;; angle = angle > 0.02 ? angle / 2 : 0) {
    const Hyperbola hyperbola = choose_hyperbola(guide, angle);
    Rule<Real> rule(spectrum, hyperbola);
    Real former = rule.value();
    Real change = former;
    while (!rule.growing() && rule.nodes() < 65536) {
      rule.halve();
      const Real now = rule.value();
      const Real next_change = abs(now - former);
      former = now;
      if (next_change <= tolerance * now ||
          (next_change >= change / 4 && next_change < now / 1000000)) {
        return {now, next_change + rule.rounding(), hyperbola};
      }
      change = next_change;
    }
    if (angle == 0) {
      throw NumericalFailure("total variation: the trapezoid rule did not converge in 65536 nodes");
    }
  }
}

#define LEMMABENCH_INSTANTIATE(Real) \
  template Trapezoid<Real> integrate<Real>(const ScaledSpectrum<Real>&, const Real&);
LEMMABENCH_FOR_EACH_FLOAT(LEMMABENCH_INSTANTIATE)
#undef LEMMABENCH_INSTANTIATE

}  // namespace lemmabench::contour
