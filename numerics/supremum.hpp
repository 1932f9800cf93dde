#pragma once

#include <algorithm>
#include <queue>
#include <utility>
#include <vector>

#include "numerics/ball_functions.hpp"
#include "numerics/evaluation_budget.hpp"

/// Proved largest values by branch and bound.
namespace lemmabench {

/// A box of the line on which the function number `label` is looked at.
struct SupremumCell {
  long label = 0;
  Ball box;
};

/// What is known on a box: does it belong to the set over which the supremum is taken, and where
/// are the values? `inside` is `certainly` only if every point of the box belongs to the set, and
/// `certainly_not` only if none does.
struct SupremumValue {
  Truth inside = Truth::certainly;
  Ball value;
};

struct SupremumGoal {
  double tolerance = 1.0 / 256;  ///< stop when upper <= (1 + tolerance) lower
  double enough = 0;             ///< or when upper <= enough: for claims far from their limit
  long evaluations = 40'000;     ///< most evaluations; what is reached by then is returned
};

/// lower <= sup <= upper. `lower` is attained up to rounding at `where` (a point); both are 0 when
/// no point was found inside and none can be.
struct Supremum {
  double lower = 0;
  double upper = 0;
  SupremumCell where;
  long evaluations = 0;
  bool used_up = false;  ///< the evaluations, of the goal or of the thread, did not suffice

  Ball enclosure() const { return Ball::hull(Ball::exactly(lower), Ball::exactly(upper)); }
};

/// The supremum over all cells of a function with values >= 0, evaluate(label, box) ->
/// SupremumValue. Best first: the box with the largest upper bound is halved, its middle gives the
/// lower bound. Boxes certainly outside are dropped; infinite values count as unknown.
///
/// Where the thread's EvaluationBudget is used up after the first look at every cell, what is known
/// by then is returned: the boxes that are left bound the rest. Before that BudgetUsedUp passes.
///
/// Rigorous: bounds are doubles rounded outward, and halves cover the box whatever its middle. The
/// number of evaluations for a tolerance e grows like 1/e for plain interval evaluation at a corner
/// and 1/sqrt(e) at a smooth peak.
template <class Evaluate>
Supremum supremum(const std::vector<SupremumCell>& cells, Evaluate evaluate,
                  const SupremumGoal& goal = {});

namespace supremum_detail {

struct Candidate {
  double upper;
  SupremumCell cell;
  bool operator<(const Candidate& other) const { return upper < other.upper; }
};

}  // namespace supremum_detail

template <class Evaluate>
Supremum supremum(const std::vector<SupremumCell>& cells, Evaluate evaluate,
                  const SupremumGoal& goal) {
  using supremum_detail::Candidate;
  Supremum best;
  std::priority_queue<Candidate> open;
  const auto look = [&](const SupremumCell& cell, std::vector<Candidate>& seen) {
    const SupremumCell middle{cell.label, cell.box.midpoint()};
    const SupremumValue centre = evaluate(middle.label, middle.box);
    const double value = lower_double(centre.value);
    if (centre.inside == Truth::certainly && value > best.lower) {
      best.lower = value;
      best.where = middle;
    }
    const SupremumValue all = evaluate(cell.label, cell.box);
    best.evaluations += 2;
    if (all.inside != Truth::certainly_not) {
      seen.push_back({upper_double(all.value), cell});
    }
  };
  std::vector<Candidate> seen;
  const auto keep = [&] {
    for (Candidate& candidate : seen) {
      open.push(std::move(candidate));
    }
    seen.clear();
  };
  for (const SupremumCell& cell : cells) {
    look(cell, seen);
  }
  keep();
  const auto known = [&] {
    return open.empty() ||
           open.top().upper <= std::max(goal.enough, best.lower * (1 + goal.tolerance));
  };
  while (!known() && best.evaluations < goal.evaluations) {
    const SupremumCell cell = open.top().cell;
    const Ball half = cell.box.radius() / 2;
    const Ball middle = cell.box.midpoint();
    try {
      look({cell.label, Ball::around(middle - half, half)}, seen);
      look({cell.label, Ball::around(middle + half, half)}, seen);
    } catch (const BudgetUsedUp&) {
      break;  // the box stays open as a whole
    }
    open.pop();
    keep();
  }
  best.used_up = !known();
  best.upper = open.empty() ? best.lower : std::max(best.lower, open.top().upper);
  return best;
}

}  // namespace lemmabench
