#pragma once

#include <functional>

#include "numerics/jet.hpp"
#include "theory/claims/comparisons.hpp"

namespace lemmabench {

/// Both sides of an identity as functions of x on the line: x is a series x_0 + s in which both
/// sides are to be expanded, around a point or around every point of a box.
struct BoxSides {
  Jet<Ball> left;
  Jet<Ball> right;
};

/// left(x) = right(x) for every x of [low, high].
///
/// |left - right| <= resolution * size is asked of every box, where size is that of the sides on
/// the box itself: the largest |c_k| r^k of their series at its middle, r half its width. (By
/// Cauchy's estimate no more than the sides reach within r of the middle.) A size common to all
/// boxes, that of a narrow mode, would let an error pass in a wide one.
struct BoxIdentity {
  std::function<BoxSides(const Jet<Ball>& x)> sides;
  Ball low;
  Ball high;
  /// The largest natural size of the sides anywhere. Only where both sides vanish identically on a
  /// box does it count, times 1e-40.
  Ball scale;
  double resolution = 1e-9;
  int order = 12;  ///< of the series
};

/// Proves the identity on the whole interval: on each box the difference of the two series at the
/// middle, plus Lagrange's remainder from the series on the box (taylor_enclosure), is compared
/// with 0 by Comparisons::vanishes. Boxes are halved until their remainder is within the
/// resolution. Returns false at the first middle where the sides certainly differ, or when the
/// thread's EvaluationBudget is used up, which leaves the claim open at any precision. `place` gets
/// x = the box. Cost: two evaluations of the sides a box.
bool identity_on_boxes(const BoxIdentity& identity, const Place& place, Comparisons& out);

/// f(x) <= bound for every x of [low, high], by series on boxes that are halved until each is
/// clear.
struct BoxInequality {
  std::function<Jet<Ball>(const Jet<Ball>& x)> f;
  Ball low;
  Ball high;
  Ball bound;
  int order = 6;
};
bool inequality_on_boxes(const BoxInequality& inequality, const Place& place, Comparisons& out);

}  // namespace lemmabench
