#include "theory/claims/box_identity.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include "numerics/ball_functions.hpp"

namespace lemmabench {
namespace {

constexpr const char* kUsedUp = "the budget of boxes of x is used up";

/// An interval between two exact balls.
struct Box {
  Ball low;
  Ball high;

  /// Rounded to the working precision, which leaves it inside.
  Ball middle() const { return ((low + high) / 2).midpoint(); }
  Ball ball() const { return Ball::hull(low, high); }
};

/// Boxes still to be looked at, from left to right.
class Cover {
 public:
  Cover(const Ball& low, const Ball& high, BoxBudget& budget) : budget_(budget) {
    constexpr int kStart = 4;
    std::vector<Ball> ends{low.midpoint()};
    for (int i = 1; i < kStart; ++i) {
      ends.push_back((low + (high - low) * i / kStart).midpoint());
    }
    ends.push_back(high.midpoint());
    for (int i = kStart; i-- > 0;) {
      const auto k = static_cast<std::size_t>(i);
      open_.push_back({ends[k], ends[k + 1]});
    }
  }
  bool done() const { return open_.empty(); }
  /// False when the budget is used up, so that the box can be halved no more.
  bool may_halve() const { return budget_.left > 0; }
  Box take() {
    Box box = std::move(open_.back());
    open_.pop_back();
    --budget_.left;
    return box;
  }
  void halve(const Box& box) {
    const Ball middle = box.middle();
    open_.push_back({middle, box.high});
    open_.push_back({box.low, middle});
  }

 private:
  std::vector<Box> open_;
  BoxBudget& budget_;
};

/// What the series at the middle of a box and on all of it say of a function.
class Expansion {
 public:
  Expansion(const Box& box, int order)
      : box_(box.ball()), centre_(box_.midpoint()), offset_(box_ - centre_), order_(order) {}

  const Ball& box() const { return box_; }
  const Ball& centre() const { return centre_; }
  Jet<Ball> at_centre() const { return Jet<Ball>::variable(centre_, order_); }
  Jet<Ball> on_box() const { return Jet<Ball>::variable(box_, order_); }
  Ball enclosure(const Jet<Ball>& centre, const Jet<Ball>& box) const {
    return taylor_enclosure(centre, box, offset_);
  }
  /// max_k |c_k| r^k, from below.
  Ball size(const Jet<Ball>& centre) const {
    const Ball radius = offset_.magnitude_upper();
    Ball power(1);
    Ball largest(0);
    for (int k = 0; k < std::min(static_cast<int>(centre.size()), order_ + 1); ++k) {
      largest = larger(largest, (centre.coefficient(k) * power).magnitude_lower());
      power *= radius;
    }
    return largest.magnitude_lower();
  }

 private:
  Ball box_;
  Ball centre_;
  Ball offset_;
  int order_;
};

}  // namespace

bool identity_on_boxes(const BoxIdentity& identity, const Place& place, BoxBudget& budget,
                       Comparisons& out) {
  const Ball nothing = identity.scale.magnitude_upper() * pow(Ball(10), Ball(-40));
  Cover cover(identity.low, identity.high, budget);
  while (!cover.done()) {
    const Box box = cover.take();
    const Expansion x(box, identity.order);
    const BoxSides centre = identity.sides(x.at_centre());
    const Jet<Ball> difference = centre.left - centre.right;
    const Ball size = larger(larger(x.size(centre.left), x.size(centre.right)), nothing);
    const Ball allowed = Ball::exactly(identity.resolution) * size;
    Place here = place;
    // Certainly different in the middle, or not known there as sharply as is asked: no box helps.
    if (!difference.value().contains_zero() ||
        difference.value().magnitude_upper().less_than(allowed) != Truth::certainly) {
      here.x = x.centre();
      out.vanishes(Proved{difference.value()}, Proved{centre.left.value()},
                   Proved{centre.right.value()}, size, identity.resolution, here);
      return false;
    }
    const BoxSides whole = identity.sides(x.on_box());
    const Ball residual = x.enclosure(difference, whole.left - whole.right);
    const bool clear = residual.magnitude_upper().less_than(allowed) == Truth::certainly;
    if (!clear && cover.may_halve()) {
      cover.halve(box);
      continue;
    }
    here.x = x.box();
    if (!clear) {
      out.out_of_budget(kUsedUp, here);
      return false;
    }
    out.vanishes(Proved{residual}, Proved{x.enclosure(centre.left, whole.left)},
                 Proved{x.enclosure(centre.right, whole.right)}, size, identity.resolution, here);
  }
  return true;
}

bool inequality_on_boxes(const BoxInequality& inequality, const Place& place, BoxBudget& budget,
                         Comparisons& out) {
  Cover cover(inequality.low, inequality.high, budget);
  while (!cover.done()) {
    const Box box = cover.take();
    const Expansion x(box, inequality.order);
    const Jet<Ball> centre = inequality.f(x.at_centre());
    Place here = place;
    // Certainly false in the middle, or too close to tell there: no box helps.
    if (arb_le(centre.value().raw(), inequality.bound.raw()) == 0) {
      here.x = x.centre();
      out.at_most(centre.value(), inequality.bound, here);
      return false;
    }
    const Ball value = x.enclosure(centre, inequality.f(x.on_box()));
    const bool clear = arb_le(value.raw(), inequality.bound.raw()) != 0;
    if (!clear && cover.may_halve()) {
      cover.halve(box);
      continue;
    }
    here.x = x.box();
    if (!clear) {
      out.out_of_budget(kUsedUp, here);
      return false;
    }
    out.at_most(value, inequality.bound, here);
  }
  return true;
}

}  // namespace lemmabench
