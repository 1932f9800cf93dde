#pragma once

#include <algorithm>
#include <vector>

#include "numerics/complex.hpp"
#include "numerics/log_functions.hpp"
#include "numerics/mp.hpp"
#include "theory/gaussian/gaussian_divergences.hpp"

/// The pieces of the contour integral for TV that its floating-point and its proved version share
/// (see theory/gaussian/gaussian_total_variation.hpp). Everything is in u = scale * s, with which
/// the integral is of order one however small the relative variance errors are:
///   TV or TV - 1 = -(scale/2 pi i) int B du/(u (scale - u)).
namespace lemmabench::contour {

/// One block in the variable u: 1 + s e = 1 + ratio u.
template <class Real>
struct ScaledBlock {
  Real ratio;   ///< e/scale, modulus at most 1
  Real excess;  ///< log(1+e)/e - 1, which tells nothing for e = 1e30,
  Real slope;   ///< nor does log(1+e)/e for e = 1e-30
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
/// By the midpoint: any scale of that order gives the same integral.
inline long exponent(const Ball& x) { return arf_abs_bound_lt_2exp_si(arb_midref(x.raw())); }

/// Exactly 0; where a ball is not, nothing rests on whether its number is.
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
  using std::log1p;
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
    // Two forms of one number: the midpoint chooses the more accurate.
    const bool small = std::abs(to_double(block.e)) < 0.5;
    const Real excess = log1p_excess(block.e);
    const Real slope = small ? Real(excess + 1) : Real(log1p(block.e) / block.e);
    out.blocks.push_back({times_power_of_two(block.e, -k), excess, slope,
                          times_power_of_two(block.shift, -2 * k), block.e, block.multiplicity});
  }
  return out;
}

/// The spectrum with p and q exchanged: TV is the same, and the curve that opened to the left of s
/// = 0 now opens to the right of s = 1.
template <class Real>
ScaledSpectrum<Real> scaled_exchanged(RelativeBlocks<Real> blocks) {
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
    sum += Real(block.multiplicity) * (x * block.slope - log(square) / 2);
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

/// What decides the hyperbola, at midpoints and in double: any curve that crosses the axis where it
/// must (which balls check, require_crossing) gives the same integral.
template <class Real>
ScaledSpectrum<double> in_double(const ScaledSpectrum<Real>& spectrum) {
  ScaledSpectrum<double> out{to_double(spectrum.scale), {}};
  for (const ScaledBlock<Real>& block : spectrum.blocks) {
    out.blocks.push_back({to_double(block.ratio), to_double(block.excess), to_double(block.slope),
                          to_double(block.shift), to_double(block.e), block.multiplicity});
  }
  return out;
}

/// Which of the two spectra to integrate, on which curve, and where it crosses the real axis.
struct Choice {
  bool exchanged = false;
  bool between = false;  ///< between s = 0 and 1: the integral is 1 - TV; left of 0: it is TV
  Hyperbola hyperbola;
};

/// The hyperbola through the saddle of B(u)/(u(u-scale)) on the axis, between 0 and 1 for laws that
/// are far apart (B(1/2) < 0.3) and left of 0 for others, so that the smaller of TV and 1 - TV is
/// what is integrated; with the curvature that the saddle asks for. On it |B| falls by `bits`
/// binary digits without growing on the way: asymptotes at pi/8 to the vertical if possible, half
/// as wide until they are, and the vertical, on which |B| never grows, at last. Any choice gives
/// the same integral; a good one makes it easy.
Choice choose(const ScaledSpectrum<double>& direct, const ScaledSpectrum<double>& exchanged,
              long bits);

template <class Real>
struct Problem {
  ScaledSpectrum<Real> spectrum;
  Choice choice;

  /// TV from the integral.
  Real total_variation(const Real& integral) const {
    const Real scaled_back = spectrum.scale * integral;
    return choice.between ? Real(1 - scaled_back) : scaled_back;
  }
};

template <class Real>
Problem<Real> prepare(RelativeBlocks<Real> blocks, long bits) {
  ScaledSpectrum<Real> direct = scaled(blocks);
  if (is_zero(direct.scale)) {
    return {std::move(direct), {}};
  }
  ScaledSpectrum<Real> exchanged = scaled_exchanged(blocks);
  const Choice choice = choose(in_double(direct), in_double(exchanged), bits);
  return {choice.exchanged ? std::move(exchanged) : std::move(direct), choice};
}

/// What the trapezoid rule found: TV or 1 - TV is scale * value.
template <class Real>
struct Trapezoid {
  Real value{};
  Real error{};
};

/// The trapezoid rule with step halving until the change is below `tolerance` relative or below
/// what rounding makes of it; see estimate_total_variation.
template <class Real>
Trapezoid<Real> integrate(const ScaledSpectrum<Real>& spectrum, const Choice& choice,
                          const Real& tolerance);

}  // namespace lemmabench::contour
