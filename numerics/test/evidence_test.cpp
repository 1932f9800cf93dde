#include "numerics/evidence.hpp"

#include <doctest/doctest.h>

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
