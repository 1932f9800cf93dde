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
  const Ball& centre() const { return centre_; }
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
  const auto record = [&](const Ball& residual, const Ball& left, const Ball& right,
                          const Ball& x) {
    Place here = place;
    here.x = x;
    out.vanishes(Proved{residual}, Proved{left}, Proved{right}, identity.scale, identity.resolution,
                 here);
  };
  for (Cover cover(identity.low, identity.high, identity.max_boxes); !cover.done();) {
    const Box box = cover.take();
    const Expansion x(box, identity.order);
    const BoxSides centre = identity.sides(x.at_centre());
    const Jet<Ball> difference = centre.left - centre.right;
    if (difference.value().finite() && !difference.value().contains_zero()) {
      record(difference.value(), centre.left.value(), centre.right.value(), x.centre());
      return false;
    }
    const BoxSides whole = identity.sides(x.on_box());
    const Ball residual = x.enclosure(difference, whole.left - whole.right);
    const bool clear = residual.magnitude_upper().less_than(allowed) == Truth::certainly;
    if (!clear && cover.may_halve()) {
      cover.halve(box);
      continue;
    }
    record(residual, x.enclosure(centre.left, whole.left), x.enclosure(centre.right, whole.right),
           x.box());
    if (!clear) {
      return false;
    }
  }
  return true;
}

bool inequality_on_boxes(const BoxInequality& inequality, const Place& place, Comparisons& out) {
  const auto record = [&](const Ball& value, const Ball& x) {
    Place here = place;
    here.x = x;
    out.at_most(value, inequality.bound, here);
  };
  for (Cover cover(inequality.low, inequality.high, inequality.max_boxes); !cover.done();) {
    const Box box = cover.take();
    const Expansion x(box, inequality.order);
    const Jet<Ball> centre = inequality.f(x.at_centre());
    if (inequality.bound.less_than(centre.value()) == Truth::certainly) {
      record(centre.value(), x.centre());
      return false;
    }
    const Ball value = x.enclosure(centre, inequality.f(x.on_box()));
    const bool clear = arb_le(value.raw(), inequality.bound.raw()) != 0;
    if (!clear && cover.may_halve()) {
      cover.halve(box);
      continue;
    }
    record(value, x.box());
    if (!clear) {
      return false;
    }
  }
  return true;
}

}  // namespace lemmabench
