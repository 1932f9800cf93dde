#include "theory/claims/box_identity.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "numerics/ball_functions.hpp"
#include "numerics/evaluation_budget.hpp"

namespace lemmabench {
namespace {

/// What a box costs in evaluations: two series of both sides, of order 12 in x and 1 in v at most.
constexpr double kPerBox = 150;

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
  Cover(const Ball& low, const Ball& high) {
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
  Box take() {
    Box box = std::move(open_.back());
    open_.pop_back();
    return box;
  }
  void halve(const Box& box) {
    const Ball middle = box.middle();
    open_.push_back({middle, box.high});
    open_.push_back({box.low, middle});
  }

 private:
  std::vector<Box> open_;
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

/// What the look at one box came to: settled, to be halved, or the end of it.
enum class Look { clear, open, refuted };

Look look_at(const BoxIdentity& identity, const Box& box, const Ball& nothing, const Place& place,
             std::optional<Ball>& unresolved, Comparisons& out) {
  EvaluationBudget::spend(kPerBox);
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
    return Look::refuted;
  }
  const BoxSides whole = identity.sides(x.on_box());
  const Ball residual = x.enclosure(difference, whole.left - whole.right);
  if (residual.magnitude_upper().less_than(allowed) != Truth::certainly) {
    unresolved = residual.magnitude_upper();
    return Look::open;
  }
  here.x = x.box();
  out.vanishes(Proved{residual}, Proved{x.enclosure(centre.left, whole.left)},
               Proved{x.enclosure(centre.right, whole.right)}, size, identity.resolution, here);
  return Look::clear;
}

Look look_at(const BoxInequality& inequality, const Box& box, const Place& place,
             std::optional<Ball>& unresolved, Comparisons& out) {
  EvaluationBudget::spend(kPerBox);
  const Expansion x(box, inequality.order);
  const Jet<Ball> centre = inequality.f(x.at_centre());
  Place here = place;
  // Certainly false in the middle, or too close to tell there: no box helps.
  if (arb_le(centre.value().raw(), inequality.bound.raw()) == 0) {
    here.x = x.centre();
    out.at_most(centre.value(), inequality.bound, here);
    return Look::refuted;
  }
  const Ball value = x.enclosure(centre, inequality.f(x.on_box()));
  if (arb_le(value.raw(), inequality.bound.raw()) == 0) {
    unresolved = upper_end(value);
    return Look::open;
  }
  here.x = x.box();
  out.at_most(value, inequality.bound, here);
  return Look::clear;
}

/// `look` at every box of [low, high], those that it leaves open halved. `unresolved`: what it knew
/// of the last of those, the difference of the sides or the left one.
template <class LookAt>
bool on_boxes(const Ball& low, const Ball& high, const Place& place,
              const std::optional<Ball>& unresolved, Comparisons& out, LookAt look) {
  Cover cover(low, high);
  while (!cover.done()) {
    const Box box = cover.take();
    try {
      const Look seen = look(box);
      if (seen == Look::refuted) {
        return false;
      }
      if (seen == Look::open) {
        cover.halve(box);
      }
    } catch (const BudgetUsedUp& used_up) {
      Place here = place;
      here.x = box.ball();
      std::string reason = used_up.what();
      if (unresolved && unresolved->finite()) {
        reason += fmt::format("; the last box that was left open is bounded by {}",
                              to_decimal(*unresolved, 3).value);
      }
      out.out_of_budget(reason, here);
      return false;
    }
  }
  return true;
}

}  // namespace

bool identity_on_boxes(const BoxIdentity& identity, const Place& place, Comparisons& out) {
  const Ball nothing = identity.scale.magnitude_upper() * pow(Ball(10), Ball(-40));
  std::optional<Ball> unresolved;
  return on_boxes(identity.low, identity.high, place, unresolved, out, [&](const Box& box) {
    return look_at(identity, box, nothing, place, unresolved, out);
  });
}

bool inequality_on_boxes(const BoxInequality& inequality, const Place& place, Comparisons& out) {
  std::optional<Ball> unresolved;
  return on_boxes(inequality.low, inequality.high, place, unresolved, out,
                  [&](const Box& box) { return look_at(inequality, box, place, unresolved, out); });
}

}  // namespace lemmabench
