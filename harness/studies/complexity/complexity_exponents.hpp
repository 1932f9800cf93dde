#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/studies/complexity/complexity.hpp"
#include "numerics/order_fit.hpp"
#include "numerics/rational.hpp"

namespace lemmabench {

/// How a measured exponent of T* stands to the exponent that a theorem allows.
enum class BoundVerdict {
  consistent,      ///< in the asymptotic range, and the interval does not lie above the bound
  violates,        ///< in the asymptotic range, and the whole interval lies above the bound
  not_asymptotic,  ///< no fit, or the local exponents have not settled
};

/// "consistent with the bound", "violates the bound" or "not in the asymptotic range".
std::string_view name(BoundVerdict verdict);

/// T* ~ C x^exponent with x = 1/eps at fixed d, or x = d at fixed eps. The factor log T is
/// modelled: what is fitted is the number of steps in the unit of the schedule, T*/log T* for the
/// li-cai schedule (an error (log T/T)^k makes exactly that a power of 1/eps), T* for schedules
/// without a logarithm.
struct AtlasExponent {
  std::size_t family = 0;
  std::string sampler;
  std::string variable;  ///< "1/eps" or "d"
  std::string at;        ///< what is held fixed, e.g. "d = 64" or "eps = 1e-3"
  ExponentFit fit;       ///< of the error in T (variable 1/eps) or of T* in d
  double value = 0;      ///< the exponent; 0 unless known()
  double low = 0;
  double high = 0;
  bool bounded = false;  ///< an exponent of steps that suffice, not of T* itself
  Rational bound;        ///< 5/4 and 1/2 (lc-sde), 1 and 1 (ly-ddpm)
  std::string theorem;   ///< id of the row in theory/bounds/bounds.hpp
  BoundVerdict verdict = BoundVerdict::not_asymptotic;
  std::string reason;

  /// There is a value: a fit, and for 1/eps one in which the error certainly falls.
  bool known() const { return !fit.refused() && (variable != "1/eps" || fit.low > 0); }
  /// bound - value: how much less is needed than the bound allows.
  double slack() const;
};

/// The exponents of every curve whose sampler a theorem speaks of: in 1/eps for each member, from
/// the order k of the error in T (exponent 1/k), and in d for each eps, from T* over the members
/// (families whose variable is d).
std::vector<AtlasExponent> atlas_exponents(const Atlas& atlas);

/// Where li-cai begins to need fewer steps than ddpm, on one member of a family.
struct AtlasCrossing {
  std::size_t family = 0;
  std::size_t member = 0;
  std::string sampler;  ///< the accelerated one
  /// The eps at which both need the same T; below it the accelerated sampler needs fewer. Nothing
  /// if the errors do not cross at the T that both were measured at.
  std::optional<double> eps;
  bool always_fewer = false;  ///< fewer at every eps that was measured
  double largest = 0;         ///< the largest error measured: where the range begins
  double bound = 0;           ///< 1/sqrt(d), where the bounds cross (claim B3)
};

std::vector<AtlasCrossing> atlas_crossings(const Atlas& atlas);

/// The smallest constant of D5 (li-cai forms) or D6 (ddpm) on a curve, and whether it still grows.
struct AtlasConstant {
  std::size_t curve = 0;  ///< index into Atlas::curves
  std::string claim;      ///< "D5" or "D6"
  Quantity largest;       ///< max over T of TV/(rate with all logs)
  long at_steps = 0;
  Quantity last;         ///< at the largest power of two
  int rungs = 0;         ///< how many powers of two there are
  bool growing = false;  ///< certainly larger there than at the power of two before
};

std::vector<AtlasConstant> atlas_constants(const Atlas& atlas);

}  // namespace lemmabench
