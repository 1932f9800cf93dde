#include "theory/claims/comparisons.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <stdexcept>

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

TEST_CASE("comparisons: evidence is the weakest, whichever comparison comes last") {
  Comparisons c;
  c.at_most(Quantity::computed(1, 0.1), Quantity(Proved{Ball(2)}), {});
  c.at_most(Ball(1), Ball(2), {});
  CHECK(outcome_of(c).evidence == Evidence::computed);
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

TEST_CASE("coverage: what a verdict is worth") {
  Comparisons c;
  c.at_most(Ball(1), Ball(2), {});
  Outcome out = outcome_of(c);
  REQUIRE(out.evidence == Evidence::proved);
  // Certain comparisons of which nobody said what they cover prove nothing.
  CHECK_FALSE(out.proves());
  CHECK(worth(out) == "proved on an unknown part");
  out.coverage = Coverage::instances(1, "levels");
  CHECK_FALSE(out.proves());
  CHECK(out.proves_instances());
  CHECK(worth(out) == "proved on 1 instance");
  out.coverage = Coverage::instances(44, "levels");
  CHECK(worth(out) == "proved on 44 instances");
  out.evidence = Evidence::computed;
  CHECK_FALSE(out.proves_instances());
  CHECK(worth(out) == "computed on 44 instances");
  out.evidence = Evidence::proved;
  out.coverage = Coverage::whole("all of it");
  CHECK(out.proves());
  CHECK_FALSE(out.proves_instances());
  CHECK(worth(out) == "proved");
  // One counterexample refutes, wherever it was looked.
  out.coverage = Coverage::instances(3, "levels");
  out.verdict = Verdict::violated;
  CHECK(out.proves());
  CHECK(worth(out) == "proved");
  out.verdict = Verdict::inconclusive;
  CHECK_FALSE(out.proves());
  CHECK_FALSE(out.proves_instances());
  CHECK(worth(out) == "open");
  CHECK_THROWS_AS(Coverage::instances(0, "levels"), std::logic_error);
}

TEST_CASE("comparisons: growth of a saturated error leaves the claim open") {
  // C ~ sqrt(T) as in "a constant that grows like a power", but no order can show at the points.
  const auto outcome = [](long saturated_to) {
    Comparisons c;
    for (const long steps : {100L, 200L, 400L, 800L}) {
      c.constant(Proved{sqrt(Ball(steps))}, Proved{Ball(1)}, 1, {.steps = steps},
                 steps <= saturated_to ? "TV is 0.97" : "");
    }
    return outcome_of(c);
  };
  CHECK(outcome(0).verdict == Verdict::violated);
  // The verdict rests on the upper half of the slopes, from T = 200 on.
  CHECK(outcome(100).verdict == Verdict::violated);
  const Outcome open = outcome(200);
  CHECK(open.verdict == Verdict::inconclusive);
  CHECK(open.reason == "TV is 0.97, which is before any order in T can show (T = 200)");
}

TEST_CASE("comparisons: the resolution of the worst identity, and the coarsest of all") {
  Comparisons c;
  c.vanishes(Proved{wide(0, 1, 1000000)}, Proved{Ball(5)}, Proved{Ball(5)}, Ball(1), 1e-3, {});
  c.vanishes(Proved{wide(0, 1, 10000)}, Proved{Ball(5)}, Proved{Ball(5)}, Ball(1000), 1e-3, {});
  const Outcome out = c.outcome({}, true);
  REQUIRE(out.resolution);
  // Upper bounds of 1e-6 and 1e-4: Arb rounds a radius up at its 30th bit.
  const auto bounds = [](const Ball& x, const Rational& exact) {
    return Ball(exact).less_than(x * Ball(Rational(1000001, 1000000))) == Truth::certainly &&
           x.less_than(Ball(exact) * Ball(Rational(1000001, 1000000))) == Truth::certainly;
  };
  CHECK(bounds(out.resolution->difference, Rational(1, 1000000)));
  CHECK(bounds(out.resolution->anywhere, Rational(1, 10000)));
}
