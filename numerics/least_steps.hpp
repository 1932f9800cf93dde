#pragma once

#include <functional>
#include <string>
#include <vector>

#include "numerics/evidence.hpp"
#include "numerics/rational.hpp"

namespace lemmabench {

/// One evaluation T -> TV of the search.
struct StepsPoint {
  long steps = 0;
  Quantity tv;
};

/// T*(eps) = least T with TV <= eps.
struct LeastSteps {
  Rational eps;
  long steps = 0;  ///< T*, or the upper end of its bracket; meaningless if capped
  /// T* lies in [at_least, steps]: TV > eps (or not certainly below it) was seen at at_least - 1.
  /// Equal to steps unless ComplexitySearch::resolution allows a wider bracket; one above the cap
  /// if capped.
  long at_least = 0;
  /// No T up to the cap reaches eps: T* is above it, or does not exist.
  bool capped = false;
  /// Each comparison TV <= eps that decided was certain: the error intervals did not overlap it.
  bool certain = true;
  /// The weakest class of the comparisons at T* and T*-1.
  Evidence evidence = Evidence::proved;
};

struct Complexity {
  std::vector<LeastSteps> least;   ///< one for each eps, in the order given
  std::vector<StepsPoint> points;  ///< everything that was evaluated, T ascending
  /// TV never rises with T on the points, beyond their errors. If it does, T* is a T with
  /// TV(T*) <= eps < TV(T*-1), but there may be a smaller one.
  bool monotone = true;
  std::string violation;  ///< the first rise, in words; empty if monotone
};

struct ComplexitySearch {
  long first = 2;        ///< the least T that may be tried (least_steps of the schedule)
  long cap = 1'000'000;  ///< the largest
  /// The bracket [at_least, steps] is narrowed until steps - at_least <= resolution steps; 0 finds
  /// the whole number itself.
  double resolution = 0;
};

/// The least T in [first, cap] with TV(T) <= eps for each eps: a ladder of `first` and the powers
/// of two above it until eps is reached, then interpolation of log TV in log T between the ends of
/// the bracket, with bisection where that does not halve it. Each T is evaluated once for all eps:
/// for a power law about four evaluations an eps beside the ladder, at worst 2 log2(T*). `tv` is
/// monotone by hypothesis; that is checked on what was evaluated, not assumed.
/// TV(T) <= eps counts as reached only if the whole error interval of TV lies below eps.
/// Throws InputError for eps <= 0, first outside [2, cap] or resolution outside [0, 1), and passes
/// on what `tv` throws.
Complexity least_steps_for(const std::function<Quantity(long)>& tv,
                           const std::vector<Rational>& eps, const ComplexitySearch& search = {});

}  // namespace lemmabench
