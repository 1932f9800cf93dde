#pragma once

#include <algorithm>
#include <vector>

#include "numerics/complex.hpp"
#include "numerics/log_functions.hpp"
#include "theory/gaussian_divergences.hpp"

/// The pieces of the contour integral for TV that its floating-point and its proved version share
/// (see theory/gaussian_total_variation.hpp). Everything is in u = scale * s, with which the
/// integral is of order one however small the relative variance errors are:
///   TV = -(scale/2 pi i) int B du/(u (scale - u)).
namespace lemmabench::contour {

/// One block in the variable u: 1 + s e = 1 + ratio u.
template <class Real>
struct ScaledBlock {
  Real ratio;   ///< e/scale, modulus at most 1
  Real excess;  ///< log(1+e)/e - 1
  Real shift;   ///< sum Delta^2/(w scale^2), at most 1
  Real e;
  long multiplicity;
};

template <class Real>
struct ScaledSpectrum {
  Real scale;  ///< a power of two >= max(|e|, sqrt(shift)); 0 when p = q
  std::vector<ScaledBlock<Real>> blocks;
};

inline double times_power_of_two(double x, long k) {
  return std::ldexp(x, static_cast<int>(std::clamp(k, -5000L, 5000L)));
}
template <unsigned digits>
Mp<digits> times_power_of_two(const Mp<digits>& x, long k) {
  return ldexp(x, k);
}
inline Ball times_power_of_two(const Ball& x, long k) {
  Ball result;
  arb_mul_2exp_si(result.raw(), x.raw(), k);
  return result;
}

/// The least k with |x| <= 2^k, or one more; x != 0.
inline long exponent(double x) { return std::ilogb(x) + 1; }
template <unsigned digits>
long exponent(const Mp<digits>& x) {
  return static_cast<long>(ilogb(x)) + 1;
}
inline long exponent(const Ball& x) { return arf_abs_bound_lt_2exp_si(arb_midref(x.raw())); }

template <class Real>
bool is_zero(const Real& x) {
  if constexpr (is_ball<Real>) {
    return arb_is_zero(x.raw()) != 0;
  } else {
    return x == 0;
  }
}

template <class Real>
ScaledSpectrum<Real> scaled(RelativeBlocks<Real> blocks) {
  long k = 0;
  bool any = false;
  for (const RelativeBlock<Real>& block : blocks) {
    if (!is_zero(block.e)) {
      k = any ? std::max(k, exponent(block.e)) : exponent(block.e);
      any = true;
    }
    if (!is_zero(block.shift)) {
      const long half = exponent(block.shift) / 2 + 1;
      k = any ? std::max(k, half) : half;
      any = true;
    }
  }
  ScaledSpectrum<Real> out;
  out.scale = any ? times_power_of_two(Real(1), k) : Real(0);
  for (const RelativeBlock<Real>& block : blocks) {
    out.blocks.push_back({times_power_of_two(block.e, -k), log1p_excess(block.e),
                          times_power_of_two(block.shift, -2 * k), block.e, block.multiplicity});
  }
  return out;
}

/// The spectrum with p and q exchanged if that makes B fall off towards Re s = -infinity, which
/// decides to which side the hyperbola opens: the sign of sum m log(1+e) + sum shift/e.
template <class Real>
ScaledSpectrum<Real> opening_left(RelativeBlocks<Real> blocks) {
  ScaledSpectrum<Real> direct = scaled(blocks);
  double fall = 0;
  for (const ScaledBlock<Real>& block : direct.blocks) {
    const double ratio = to_double(block.ratio);
    fall += static_cast<double>(block.multiplicity) * ratio * (1 + to_double(block.excess));
    fall += ratio == 0 ? 0 : to_double(block.shift) / ratio;
  }
  if (!(fall < 0)) {
    return direct;
  }
  std::vector<RelativeBlock<Real>> exchanged;
  for (const RelativeBlock<Real>& block : blocks) {
    const Real variance = block.e + 1;
    exchanged.push_back({-block.e / variance, block.shift / variance, block.multiplicity});
  }
  return scaled<Real>(exchanged);
}

/// An upper bound of log|B| on the vertical line from u = (re, im), im > 0, to re + i infinity.
///
/// There the factors s^.. are constant and |1 + ratio u| increases. The exponent of the shift is
/// -shift R/2, R = Re[u (scale-u)/w], w = 1 + ratio u; by partial fractions
/// R = ((2+e) - Re w - (1+e) Re w/|w|^2)/ratio^2, which increases upwards from its value at the
/// start when Re w >= 0 and decreases to ((2+e) - Re w)/ratio^2 when Re w < 0 [D].
template <class Real>
Real log_bound_above(const ScaledSpectrum<Real>& spectrum, const Real& re, const Real& im) {
  using std::log;
  Real sum(0);
  for (const ScaledBlock<Real>& block : spectrum.blocks) {
    const Real x = block.ratio * re;
    const Real w_re = x + 1;
    const Real w_im = block.ratio * im;
    const Real square = w_re * w_re + w_im * w_im;
    sum += Real(block.multiplicity) * (x * (block.excess + 1) - log(square) / 2);
    if (is_zero(block.shift)) {
      continue;
    }
    const Real n_re = re * (spectrum.scale - re) + im * im;
    const Real n_im = im * (spectrum.scale - re * 2);
    Real least = (n_re * w_re + n_im * w_im) / square;
    if constexpr (is_ball<Real>) {
      if (w_re.positive() != Truth::certainly) {
        const Real limit = (block.e + 2 - w_re) / (block.ratio * block.ratio);
        arb_min(least.raw(), least.raw(), limit.raw(), PrecisionScope::bits());
      }
    } else if (w_re < 0) {
      least = (block.e + 2 - w_re) / (block.ratio * block.ratio);
    }
    sum -= block.shift * least;
  }
  return sum / 2;
}

/// The hyperbola u(t) = vertex + bend (1 - cosh t) + i rise sinh t.
struct Hyperbola {
  double vertex = 0;
  double bend = 0;
  double rise = 0;
};

/// A hyperbola through the saddle of B(u)/(u(u-scale)) on the axis left of 0, of the curvature the
/// saddle asks for; `angle` (0 to pi/4) is that of its asymptotes to the vertical. Any hyperbola
/// between the cut and 0 gives the same integral: this one only makes it easy.
Hyperbola choose_hyperbola(const ScaledSpectrum<double>& spectrum, double angle);

/// What decides the hyperbola, in double.
template <class Real>
ScaledSpectrum<double> in_double(const ScaledSpectrum<Real>& spectrum) {
  ScaledSpectrum<double> out{to_double(spectrum.scale), {}};
  for (const ScaledBlock<Real>& block : spectrum.blocks) {
    out.blocks.push_back({to_double(block.ratio), to_double(block.excess), to_double(block.shift),
                          to_double(block.e), block.multiplicity});
  }
  return out;
}

/// What the trapezoid rule found: TV = scale * value.
template <class Real>
struct Trapezoid {
  Real value{};
  Real error{};
  Hyperbola hyperbola;
};

/// The trapezoid rule with step halving until the change is below `tolerance` relative or stops
/// shrinking; see estimate_total_variation.
template <class Real>
Trapezoid<Real> integrate(const ScaledSpectrum<Real>& spectrum, const Real& tolerance);

}  // namespace lemmabench::contour
