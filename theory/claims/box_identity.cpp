#include "theory/claims/box_identity.hpp"

#include <vector>

namespace lemmabench {
namespace {

/// An interval between two doubles as a ball: exact middle, radius rounded up by the hull.
struct Box {
  double low;
  double high;

  double middle() const { return low + (high - low) / 2; }
  Ball ball() const { return Ball::hull(Ball::exactly(low), Ball::exactly(high)); }
};

/// Boxes still to be looked at, from left to right.
class Cover {
 public:
  Cover(double low, double high, long max_boxes) : left_(max_boxes) {
    constexpr int kStart = 4;
    const double width = (high - low) / kStart;
    for (int i = kStart; i-- > 0;) {
      open_.push_back({low + i * width, i + 1 == kStart ? high : low + (i + 1) * width});
    }
  }
  bool done() const { return open_.empty(); }
  /// False when the budget is used up, so that the box can be halved no more.
  bool may_halve() const { return left_ > 0; }
  Box take() {
    const Box box = open_.back();
    open_.pop_back();
    --left_;
    return box;
  }
  void halve(const Box& box) {
    open_.push_back({box.middle(), box.high});
    open_.push_back({box.low, box.middle()});
  }

 private:
  std::vector<Box> open_;
  long left_;
};

/// What the series at the middle of a box and on all of it say of a function.
class Expansion {
 public:
  Expansion(const Box& box, int order)
      : box_(box.ball()), centre_(box_.midpoint()), offset_(box_ - centre_), order_(order) {}

  const Ball& box() const { return box_; }
  Jet<Ball> at_centre() const { return Jet<Ball>::variable(centre_, order_); }
  Jet<Ball> on_box() const { return Jet<Ball>::variable(box_, order_); }
  Ball enclosure(const Jet<Ball>& centre, const Jet<Ball>& box) const {
    return taylor_enclosure(centre, box, offset_);
  }

 private:
  Ball box_;
  Ball centre_;
  Ball offset_;
  int order_;
};

}  // namespace

bool identity_on_boxes(const BoxIdentity& identity, const Place& place, Comparisons& out) {
  const Ball allowed = Ball::exactly(identity.resolution) * identity.scale;
  for (Cover cover(identity.low, identity.high, identity.max_boxes); !cover.done();) {
    const Box box = cover.take();
    const Expansion x(box, identity.order);
    const BoxSides centre = identity.sides(x.at_centre());
    const BoxSides whole = identity.sides(x.on_box());
    const Ball residual = x.enclosure(centre.left - centre.right, whole.left - whole.right);
    const bool differs = residual.finite() && !residual.contains_zero();
    const bool clear = differs || residual.magnitude_upper().less_than(allowed) == Truth::certainly;
    if (!clear && cover.may_halve()) {
      cover.halve(box);
      continue;
    }
    Place here = place;
    here.x = x.box();
    out.vanishes(Proved{residual}, Proved{x.enclosure(centre.left, whole.left)},
                 Proved{x.enclosure(centre.right, whole.right)}, identity.scale,
                 identity.resolution, here);
    if (differs || !clear) {
      return false;
    }
  }
  return true;
}

bool inequality_on_boxes(const BoxInequality& inequality, const Place& place, Comparisons& out) {
  for (Cover cover(inequality.low, inequality.high, inequality.max_boxes); !cover.done();) {
    const Box box = cover.take();
    const Expansion x(box, inequality.order);
    const Ball value = x.enclosure(inequality.f(x.at_centre()), inequality.f(x.on_box()));
    const bool holds = arb_le(value.raw(), inequality.bound.raw()) != 0;
    const bool fails = inequality.bound.less_than(value) == Truth::certainly;
    if (!holds && !fails && cover.may_halve()) {
      cover.halve(box);
      continue;
    }
    Place here = place;
    here.x = x.box();
    out.at_most(value, inequality.bound, here);
    if (!holds) {
      return false;
    }
  }
  return true;
}

}  // namespace lemmabench
