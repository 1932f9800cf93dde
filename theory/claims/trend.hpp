#pragma once

#include <string>
#include <vector>

#include "numerics/evidence.hpp"

/// Does the smallest constant of a claim still grow with T or d?
namespace lemmabench {

/// The smallest constant that works at one (T, d).
struct ConstantPoint {
  long steps = 0;  ///< T
  long dim = 1;
  Quantity value;
  std::string place;   ///< where it is attained
  Quantity left = {};  ///< the two sides there, with C = 1
  Quantity right = {};
  /// Why the point is outside of the range in which a trend may refute, e.g. "TV is 0.97"; empty
  /// inside.
  std::string not_yet = {};
};

/// The trend of the constants in one variable, the other one fixed.
struct Trend {
  std::string variable;  ///< "T" or "d"
  std::string fixed;     ///< e.g. "d = 5"
  std::size_t points = 0;
  /// Slope of log C against log(variable) at the large end, with its interval.
  double exponent = 0;
  double low = 0;
  double high = 0;
  Verdict verdict = Verdict::inconclusive;  ///< holds: bounded; violated: grows like a power
  std::string reason;
};

/// What counts as bounded.
struct TrendRule {
  /// A power law steeper than this is growth. A constant that converges upwards has local slopes
  /// that fall; see judge_trend.
  double tolerance = 0.05;
  /// By how much of itself a constant may change from one T to the next for reasons that are no
  /// power of T: only some levels are looked at, or terms of higher order in L are still seen. A
  /// trend in T refutes only beyond that.
  double slack = 0;
};

/// Judges log C against log n (n = T or d), n ascending, at least 3 points:
///  * holds (bounded) when every constant is below 1e-25, which is 0 up to rounding; when the
///    largest slope between neighbours in the upper half of the points, their errors included, is
///    at most the tolerance; or when the slopes there are positive but shrink at least by a quarter
///    per doubling of n, so that the sum of what is still to come is finite (the limit is named in
///    the reason): numerics/settling.hpp has the rule, and why an order needs another rate;
///  * violated (grows) when every slope in the upper half is above the tolerance, so is the slope
///    over all of it after the slack (in T) was taken off, and the last is not smaller than 0.9
///    times the first of them;
///  * inconclusive otherwise, or with fewer than 3 points.
/// The exponent shown is that of the last two points; its interval adds the points' errors and the
/// spread of the upper half. Evidence is never more than computed: a trend is judged, not proved.
Trend judge_trend(const std::string& variable, const std::vector<double>& n,
                  const std::vector<Quantity>& constants, const TrendRule& rule);

/// A trend that would violate the claim, of points of which one in the upper half (the points the
/// verdict rests on) is not yet in the range where an order shows: open, with the point's reason. A
/// saturated error (TV near 1) against a falling bound looks like a power and is none.
void leave_open_before_the_range(Trend& trend, const std::vector<const ConstantPoint*>& points);

/// All trends of a set of constants: in T for each d with at least 3 values of T, in d for each T
/// with at least 3 values of d.
std::vector<Trend> constant_trends(const std::vector<ConstantPoint>& points, const TrendRule& rule);

}  // namespace lemmabench
