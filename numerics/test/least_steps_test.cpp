#include "numerics/least_steps.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <map>
#include <vector>

#include "numerics/error.hpp"

namespace lemmabench {
namespace {

/// TV(T) = 1/T exactly, counting the calls for each T.
struct Reciprocal {
  std::map<long, int> calls;
  Quantity operator()(long steps) {
    ++calls[steps];
    return Proved{Ball(Rational(1, steps))};
  }
};

}  // namespace

TEST_CASE("complexity: the least T is exact, at the boundary too, and each T is evaluated once") {
  Reciprocal tv;
  const auto law = [&](long steps) { return tv(steps); };
  // 1/T <= 1/128 first holds at 128, as an equality of balls with radius 0.
  const Complexity out = least_steps_for(
      law, {Rational(2, 1999), Rational(1, 128), Rational(3, 1000), Rational(1, 2)});
  REQUIRE(out.least.size() == 4);
  CHECK(out.least[0].steps == 1000);
  CHECK(out.least[1].steps == 128);
  CHECK(out.least[2].steps == 334);
  CHECK(out.least[3].steps == 2);
  for (const LeastSteps& least : out.least) {
    CHECK_FALSE(least.capped);
    CHECK(least.evidence == Evidence::proved);
  }
  CHECK(out.monotone);
  for (const auto& [steps, count] : tv.calls) {
    CHECK(count == 1);
  }
  CHECK(out.points.size() == tv.calls.size());
  CHECK(out.points.size() < 40);
}

TEST_CASE("complexity: every threshold of a small table is found") {
  for (long wanted = 2; wanted <= 70; ++wanted) {
    const auto law = [&](long steps) { return Quantity(Proved{Ball(steps >= wanted ? 0 : 1)}); };
    const Complexity out = least_steps_for(law, {Rational(1, 2)}, {.first = 2, .cap = 70});
    CHECK(out.least[0].steps == wanted);
    CHECK(out.least[0].certain);
  }
}

TEST_CASE("complexity: what the cap does not reach is said to be capped") {
  Reciprocal tv;
  const auto law = [&](long steps) { return tv(steps); };
  const Complexity out = least_steps_for(law, {Rational(1, 1000)}, {.first = 79, .cap = 999});
  CHECK(out.least[0].capped);
  CHECK(tv.calls.count(999) == 1);
  CHECK(tv.calls.begin()->first == 79);
  CHECK(least_steps_for(law, {Rational(2, 1997)}, {.first = 79, .cap = 999}).least[0].steps == 999);
}

TEST_CASE("complexity: a rise beyond the errors is reported, one within them is not") {
  const auto bumpy = [](double error) {
    return [error](long steps) {
      const double wave = steps >= 100 && steps <= 200 ? 0.02 : 0;
      return Quantity::computed(1.0 / static_cast<double>(steps) + wave, error);
    };
  };
  const Complexity out = least_steps_for(bumpy(1e-9), {Rational(1, 1000)});
  CHECK_FALSE(out.monotone);
  CHECK(out.violation.find("TV rises from") == 0);
  CHECK(out.least[0].evidence == Evidence::computed);
  const Complexity within = least_steps_for(bumpy(0.02), {Rational(1, 2)});
  CHECK(within.monotone);
}

TEST_CASE("complexity: an interval across eps has not reached it, and the answer is not certain") {
  const auto law = [](long steps) {
    return Quantity::computed(1.0 / static_cast<double>(steps), 1e-5);
  };
  const Complexity out = least_steps_for(law, {Rational(1, 1000)});
  CHECK(out.least[0].steps > 1000);
  CHECK(out.least[0].steps <= 1012);
  CHECK_FALSE(out.least[0].certain);
}

TEST_CASE("complexity: impossible questions are refused") {
  Reciprocal tv;
  const auto law = [&](long steps) { return tv(steps); };
  CHECK_THROWS_AS(least_steps_for(law, {Rational(0)}), InputError);
  CHECK_THROWS_AS(least_steps_for(law, {Rational(1, 2)}, {.first = 1, .cap = 10}), InputError);
  CHECK_THROWS_AS(least_steps_for(law, {Rational(1, 2)}, {.first = 11, .cap = 10}), InputError);
}

TEST_CASE("complexity: a power law takes few evaluations, and a resolution no more") {
  Reciprocal exact;
  const std::vector<Rational> eps = {Rational(2, 199), Rational(2, 2001), Rational(2, 20013),
                                     Rational(2, 200005)};
  const Complexity whole = least_steps_for([&](long t) { return exact(t); }, eps, {.first = 50});
  CHECK(whole.least[3].steps == 100003);
  CHECK(whole.least[3].at_least == 100003);
  // A ladder of 12 rungs from 50 to 131072, and at most four for each eps.
  CHECK(exact.calls.size() <= 28);
  Reciprocal coarse;
  const Complexity wide =
      least_steps_for([&](long t) { return coarse(t); }, eps, {.first = 50, .resolution = 0.01});
  CHECK(coarse.calls.size() <= exact.calls.size());
  for (std::size_t i = 0; i < eps.size(); ++i) {
    const LeastSteps& found = wide.least[i];
    CHECK(found.at_least <= whole.least[i].steps);
    CHECK(found.steps >= whole.least[i].steps);
    CHECK(static_cast<double>(found.steps - found.at_least) <=
          0.01 * static_cast<double>(found.steps));
  }
  CHECK_THROWS_AS(least_steps_for([&](long t) { return coarse(t); }, eps, {.resolution = 1}),
                  InputError);
}

}  // namespace lemmabench
