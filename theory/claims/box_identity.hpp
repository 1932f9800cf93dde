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
struct BoxIdentity {
  std::function<BoxSides(const Jet<Ball>& x)> sides;
  double low = 0;
  double high = 0;
  Ball scale;                ///< natural size of the sides
  double resolution = 1e-9;  ///< |left - right| <= resolution * scale is asked of every x
  int order = 12;            ///< of the series
  long max_boxes = 4000;
};

/// Proves the identity on the whole interval: on each box the difference of the two series at the
/// middle, plus Lagrange's remainder from the series on the box (taylor_enclosure), is compared
/// with 0 by Comparisons::vanishes. Boxes are halved until their remainder is within the
/// resolution. Returns false at the first middle where the sides certainly differ, or when
/// max_boxes are used up (recorded as unclear). `place` gets x = the box. Cost: two evaluations of
/// the sides a box.
bool identity_on_boxes(const BoxIdentity& identity, const Place& place, Comparisons& out);

/// f(x) <= bound for every x of [low, high], by series on boxes that are halved until each is
/// clear.
struct BoxInequality {
  std::function<Jet<Ball>(const Jet<Ball>& x)> f;
  double low = 0;
  double high = 0;
  Ball bound;
  int order = 6;
  long max_boxes = 4000;
};
bool inequality_on_boxes(const BoxInequality& inequality, const Place& place, Comparisons& out);

}  // namespace lemmabench
