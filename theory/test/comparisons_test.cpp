#include "theory/claims/comparisons.hpp"

#include <doctest/doctest.h>

#include <cmath>

using namespace lemmabench;

namespace {

Ball third() { return Ball(Rational(1, 3)); }

Ball wide(long num, long den, long radius_den) {
  return Ball::around(Ball(Rational(num, den)), Ball(Rational(1, radius_den)));
}

Outcome outcome_of(const Comparisons& c) { return c.outcome({}, false); }

}  // namespace

TEST_CASE("comparisons: nothing compared is inconclusive") {
  const Outcome out = outcome_of(Comparisons{});
  CHECK(out.verdict == Verdict::inconclusive);
  CHECK(out.comparisons == 0);
  CHECK(out.reason == "nothing was compared");
}

TEST_CASE("comparisons: one violation outweighs everything and the first one is shown") {
  Comparisons c;
  c.at_most(Ball(1), Ball(2), {.t = 1});
  c.at_most(wide(1, 1, 2), wide(5, 4, 2), {.t = 2});  // unclear
  CHECK(outcome_of(c).verdict == Verdict::inconclusive);
  CHECK(outcome_of(c).place == "t = 2");
  c.at_most(Ball(3), Ball(2), {.t = 3});
  c.at_most(Ball(30), Ball(2), {.t = 4});
  const Outcome out = outcome_of(c);
  CHECK(out.verdict == Verdict::violated);
  CHECK(out.place == "t = 3");
  CHECK(std::abs(out.margin - std::log(2.0 / 3.0)) < 1e-12);
  CHECK(out.comparisons == 4);
}

TEST_CASE("comparisons: the tightest of those that hold is shown") {
  Comparisons c;
  c.at_most(Ball(1), Ball(8), {.t = 1});
  c.at_most(Ball(1), Ball(2), {.t = 2});
  c.at_most(Ball(1), Ball(4), {.t = 3});
  const Outcome out = outcome_of(c);
  CHECK(out.verdict == Verdict::holds);
  CHECK(out.place == "t = 2");
  CHECK(out.evidence == Evidence::proved);
}

TEST_CASE("comparisons: evidence is the weakest the verdict rests on") {
  Comparisons c;
  c.at_most(Ball(1), Ball(2), {});
  c.at_most(Quantity::computed(1, 0.1), Quantity(Proved{Ball(2)}), {});
  CHECK(outcome_of(c).evidence == Evidence::computed);
  // A certain violation is proved on its own evidence, whatever else was only computed.
  c.at_most(Ball(3), Ball(2), {});
  CHECK(outcome_of(c).evidence == Evidence::proved);
}

TEST_CASE("comparisons: an identity holds only when the sides are known to agree closely") {
  const auto verdict = [](const Ball& a, const Ball& b) {
    Comparisons c;
    c.equal(a, b, Ball(1), 1e-6, {});
    return c.outcome({}, true).verdict;
  };
  CHECK(verdict(third(), third()) == Verdict::holds);
  CHECK(verdict(third() + Ball(Rational(1, 1000000000)), third()) == Verdict::violated);
  // Overlapping but wide: neither equal nor different has been shown.
  CHECK(verdict(wide(1, 3, 1000), third()) == Verdict::inconclusive);
}

TEST_CASE("comparisons: digits of agreement") {
  Comparisons c;
  c.vanishes(Quantity(Proved{wide(0, 1, 1000000)}), Quantity(Proved{Ball(5)}),
             Quantity(Proved{Ball(5)}), Ball(10), 1e-3, {});
  const Outcome out = c.outcome({}, true);
  CHECK(out.margin_unit == MarginUnit::digits);
  CHECK(std::abs(out.margin - 7) < 1e-3);
}

TEST_CASE("comparisons: constants keep the largest for each T and d") {
  Comparisons c;
  for (const long steps : {100L, 200L, 400L, 800L}) {
    c.constant(Ball(1), Ball(2), 3, {.steps = steps, .t = 1});
    c.constant(Ball(3), Ball(2), 3, {.steps = steps, .t = 2});
    c.constant(Ball(2), Ball(2), 3, {.steps = steps, .t = 3});
  }
  const Outcome out = outcome_of(c);
  CHECK(out.constants.size() == 4);
  REQUIRE(out.constant);
  CHECK(out.constant->value() == 1.5);
  CHECK(out.constant_place == "T = 100, t = 2");
  CHECK(out.trends.size() == 1);
  CHECK(out.verdict == Verdict::holds);
  CHECK(out.evidence == Evidence::computed);  // a trend is judged, never proved
  CHECK(out.comparisons == 12);
}

TEST_CASE("comparisons: a constant that grows like a power violates the claim") {
  Comparisons c;
  for (const long steps : {100L, 200L, 400L, 800L}) {
    c.constant(sqrt(Ball(steps)), Ball(1), 1, {.steps = steps});
  }
  const Outcome out = outcome_of(c);
  CHECK(out.verdict == Verdict::violated);
  CHECK(out.margin_unit == MarginUnit::exponent);
  CHECK(std::abs(out.margin + 0.5) < 1e-9);
}

TEST_CASE("comparisons: too few T for a trend is inconclusive, not a pass at C = 1") {
  Comparisons c;
  c.constant(Ball(1), Ball(2), 1, {.steps = 100});
  c.constant(Ball(1), Ball(2), 1, {.steps = 200});
  CHECK(outcome_of(c).verdict == Verdict::inconclusive);
}

TEST_CASE("comparisons: a bounded trend does not excuse a violated inequality") {
  Comparisons c;
  c.at_most(Ball(3), Ball(2), {.t = 9});
  for (const long steps : {100L, 200L, 400L}) {
    c.constant(Ball(1), Ball(2), 1, {.steps = steps});
  }
  const Outcome out = outcome_of(c);
  CHECK(out.verdict == Verdict::violated);
  CHECK(out.place == "t = 9");
}
