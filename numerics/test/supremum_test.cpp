#include "numerics/supremum.hpp"

#include <doctest/doctest.h>

#include <cmath>

using namespace lemmabench;

namespace {

std::vector<SupremumCell> interval(long from, long to) {
  const Ball half = Ball(Rational(to - from, 2));
  return {{0, Ball::around(Ball(from) + half, half)}};
}

}  // namespace

TEST_CASE("a smooth peak inside and a corner at the end") {
  const PrecisionScope scope(96);
  // x e^{-x} on [0, 8]: 1/e at 1.
  const auto peak = [](long, const Ball& x) {
    return SupremumValue{Truth::certainly, x * exp(-x)};
  };
  const Supremum found = supremum(interval(0, 8), peak, {.tolerance = 1e-4});
  CHECK(found.enclosure().contains(exp(Ball(-1))));
  CHECK(found.upper <= found.lower * (1 + 1e-4));
  CHECK(std::abs(found.where.box.to_double() - 1) < 0.1);
  CHECK(found.evaluations < 4000);

  const auto slope = [](long, const Ball& x) { return SupremumValue{Truth::certainly, x * 3}; };
  const Supremum corner = supremum(interval(0, 8), slope, {.tolerance = 1e-6});
  CHECK(corner.enclosure().contains(Ball(24)));
  CHECK(corner.evaluations < 100);
}

TEST_CASE("only points inside count, the boundary found by bisection") {
  const PrecisionScope scope(96);
  // x on {x^2 <= 2}: sqrt(2).
  const auto evaluate = [](long, const Ball& x) {
    return SupremumValue{(x * x).less_than(Ball(2)), x};
  };
  const Supremum found = supremum(interval(0, 100), evaluate, {.tolerance = 1e-9});
  CHECK(found.enclosure().contains(sqrt(Ball(2))));
  CHECK(found.upper - found.lower < 1e-8);
  // The empty set.
  const auto outside = [](long, const Ball& x) {
    return SupremumValue{(x + 200).less_than(Ball(2)), x};
  };
  const Supremum nothing = supremum(interval(0, 100), outside);
  CHECK(nothing.lower == 0);
  CHECK(nothing.upper == 0);
}

TEST_CASE("the best of several functions, and a cap that leaves the bounds valid") {
  const PrecisionScope scope(96);
  std::vector<SupremumCell> cells;
  for (long label = 1; label <= 5; ++label) {
    cells.push_back({label, Ball::around(Ball(0), Ball(4))});
  }
  // label e^{-(x - label/2)^2}: the largest is 5, at 5/2.
  const auto evaluate = [](long label, const Ball& x) {
    const Ball off = x - Ball(Rational(label, 2));
    return SupremumValue{Truth::certainly, Ball(label) * exp(-(off * off))};
  };
  const Supremum found = supremum(cells, evaluate);
  CHECK(found.where.label == 5);
  CHECK(found.enclosure().contains(Ball(5)));
  const Supremum capped = supremum(cells, evaluate, {.tolerance = 1e-9, .evaluations = 30});
  CHECK(capped.enclosure().contains(Ball(5)));
  CHECK(capped.evaluations <= 32);
  // A bound that is enough ends the search, with bounds that are still valid.
  const Supremum enough = supremum(cells, evaluate, {.enough = 7});
  CHECK(enough.upper <= 7);
  CHECK(enough.enclosure().contains(Ball(5)));
  CHECK(enough.evaluations < found.evaluations);
}
