#include "numerics/evidence.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <type_traits>

#include "numerics/error.hpp"

using namespace lemmabench;

TEST_CASE("combining gives the weaker class") {
  const Quantity proved = Proved{Ball(2)};
  const Quantity computed = Quantity::computed(3, 0.5);
  const Quantity sampled = Sampled{1, 0.25, 0.99};
  CHECK((proved + proved).evidence() == Evidence::proved);
  CHECK((proved + computed).evidence() == Evidence::computed);
  CHECK((computed * sampled).evidence() == Evidence::sampled);
  CHECK((proved - sampled).evidence() == Evidence::sampled);
  CHECK((proved + computed).value() == 5);
  CHECK((proved * computed).error() >= 1.0);
  CHECK((proved * computed).error() < 1.01);
}

TEST_CASE("nothing converts upward") {
  static_assert(!std::is_constructible_v<Proved, Computed>);
  static_assert(!std::is_constructible_v<Proved, Sampled>);
  static_assert(!std::is_constructible_v<Proved, Quantity>);
  static_assert(!std::is_constructible_v<Ball, double>);
  CHECK(Quantity(Proved{Ball(2)}).enclosure().exact());
  CHECK_THROWS_AS(Quantity::computed(1, 0).enclosure(), NumericalFailure);
}

TEST_CASE("a quantity is finite") {
  CHECK_THROWS_AS(Quantity::computed(std::numeric_limits<double>::quiet_NaN(), 0),
                  NumericalFailure);
  CHECK_THROWS_AS(Quantity::computed(1, -1), NumericalFailure);
  CHECK_THROWS_AS(Quantity(Proved{log(Ball(-1))}), NumericalFailure);
  CHECK_THROWS_AS(Quantity(Sampled{1, std::numeric_limits<double>::infinity(), 0.9}),
                  NumericalFailure);
}

TEST_CASE("at_most decides by intervals, and overlap is inconclusive") {
  const auto judge = [](double a, double da, double b, double db) {
    return at_most(Quantity::computed(a, da), Quantity::computed(b, db)).verdict;
  };
  CHECK(judge(1, 0.1, 2, 0.1) == Verdict::holds);
  CHECK(judge(2, 0.1, 1, 0.1) == Verdict::violated);
  CHECK(judge(1, 0.6, 2, 0.6) == Verdict::inconclusive);
  CHECK(judge(1, 0, 1, 0) == Verdict::holds);
  const Judgement mixed = at_most(Proved{Ball(1)}, Sampled{3, 0.5, 0.99});
  CHECK(mixed.verdict == Verdict::holds);
  CHECK(mixed.evidence == Evidence::sampled);
}

TEST_CASE("what is not finite has no number and says why") {
  const Quantity infinite = Quantity::infinite(Evidence::proved, "tails");
  const Quantity unknown = Quantity::unknown(Evidence::computed, "lost");
  const Quantity below = Quantity::at_most(Sampled{2, 0.5, 0.9});
  const Quantity above = Quantity::at_least(Proved{Ball(3)});
  for (const Quantity* each : {&infinite, &unknown, &below, &above}) {
    CHECK_FALSE(each->finite());
    CHECK_THROWS_AS(each->value(), NumericalFailure);
    CHECK_THROWS_AS(each->error(), NumericalFailure);
    CHECK_THROWS_AS(each->interval(), NumericalFailure);
    CHECK_THROWS_AS(each->decimal(5), NumericalFailure);
    CHECK_THROWS_AS(each->enclosure(), NumericalFailure);
    CHECK_THROWS_AS(*each * Quantity(Proved{Ball(1)}), NumericalFailure);
  }
  CHECK(infinite.extent() == Extent::infinite);
  CHECK(infinite.reason() == "tails");
  CHECK(infinite.evidence() == Evidence::proved);
  CHECK(unknown.evidence() == Evidence::computed);
  CHECK(below.evidence() == Evidence::sampled);
  CHECK(below.bound().value() == 2);
  CHECK(below.bound().confidence() == 0.9);
  CHECK(above.bound().enclosure().exact());
  CHECK_THROWS_AS(infinite.bound(), NumericalFailure);
  CHECK_THROWS_AS(Quantity::at_most(infinite), NumericalFailure);
}

TEST_CASE("sums of quantities that are not finite") {
  const Quantity one = Quantity::computed(1, 0.5);
  const Quantity infinite = Quantity::infinite(Evidence::proved, "tails");
  const Quantity unknown = Quantity::unknown(Evidence::computed, "lost");
  const Quantity below = Quantity::at_most(one);
  const Quantity above = Quantity::at_least(one);
  CHECK((one + infinite).extent() == Extent::infinite);
  CHECK((one + infinite).evidence() == Evidence::computed);
  CHECK((infinite + above).extent() == Extent::infinite);
  CHECK((infinite + unknown).extent() == Extent::unknown);
  CHECK((unknown + one).reason() == "lost");
  CHECK((below + one).bound().value() == 2);
  CHECK((below + below).bound().error() >= 1);
  CHECK((one + above).extent() == Extent::bounded_below);
  CHECK((above + below).extent() == Extent::unknown);
  // An upper bound may be minus infinity as far as it knows.
  CHECK((infinite + below).extent() != Extent::bounded_above);
}

TEST_CASE("at_most decides what bounds, infinity and nothing known allow") {
  const auto number = [](double value) { return Quantity::computed(value, 0.1); };
  const Quantity infinite = Quantity::infinite(Evidence::computed, "tails");
  const Quantity unknown = Quantity::unknown(Evidence::computed, "lost");
  const auto below = [&](double value) { return Quantity::at_most(number(value)); };
  const auto above = [&](double value) { return Quantity::at_least(number(value)); };
  CHECK(at_most(number(1), infinite).verdict == Verdict::holds);
  CHECK(at_most(infinite, number(1)).verdict == Verdict::violated);
  CHECK(at_most(infinite, infinite).verdict == Verdict::holds);
  CHECK(at_most(infinite, above(1)).verdict == Verdict::inconclusive);
  CHECK(at_most(infinite, below(1)).verdict == Verdict::violated);
  CHECK(at_most(below(1), number(2)).verdict == Verdict::holds);
  CHECK(at_most(below(3), number(2)).verdict == Verdict::inconclusive);
  CHECK(at_most(above(3), number(2)).verdict == Verdict::violated);
  CHECK(at_most(above(1), number(2)).verdict == Verdict::inconclusive);
  CHECK(at_most(number(1), above(2)).verdict == Verdict::holds);
  CHECK(at_most(number(3), below(2)).verdict == Verdict::violated);
  CHECK(at_most(number(1), below(2)).verdict == Verdict::inconclusive);
  CHECK(at_most(unknown, number(2)).verdict == Verdict::inconclusive);
  CHECK(at_most(number(2), unknown).verdict == Verdict::inconclusive);
}

TEST_CASE("two sampled intervals hold together with less confidence") {
  const Quantity a = Sampled{1, 0.1, 0.99};
  const Quantity b = Sampled{2, 0.1, 0.98};
  CHECK(std::abs((a + b).confidence() - 0.97) < 1e-15);
  CHECK((a + Quantity::computed(1, 0)).confidence() == 0.99);
  CHECK(Quantity::computed(1, 0).confidence() == 1);
}
