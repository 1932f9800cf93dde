#include "theory/claims/box_identity.hpp"

#include <doctest/doctest.h>

namespace lemmabench {
namespace {

/// (1 + error) exp(log(1 + x^2)/2) against sqrt(1 + x^2) on [-3, 3].
Outcome judge(const Rational& error, long max_boxes) {
  const PrecisionScope scope(128);
  Comparisons comparisons;
  const Ball factor = 1 + Ball(error);
  const BoxIdentity identity{.sides = [&](const Jet<Ball>& x) -> BoxSides {
                               const Jet<Ball> square = 1 + x * x;
                               return {exp(log(square) / 2) * factor, sqrt(square)};
                             },
                             .low = -3,
                             .high = 3,
                             .scale = Ball(1),
                             .max_boxes = max_boxes};
  identity_on_boxes(identity, {.part = "test"}, comparisons);
  return comparisons.outcome({}, true);
}

TEST_CASE("an identity is proved on boxes") {
  const Outcome outcome = judge(Rational(0), 4000);
  CHECK(outcome.verdict == Verdict::holds);
  CHECK(outcome.evidence == Evidence::proved);
  CHECK(outcome.margin >= 9);
  CHECK(outcome.comparisons > 4);
}

TEST_CASE("a difference just above the resolution is found") {
  const Outcome outcome = judge(Rational::parse("2e-9", "test"), 4000);
  CHECK(outcome.verdict == Verdict::violated);
  CHECK(outcome.evidence == Evidence::proved);
}

TEST_CASE("too few boxes leave it open") {
  CHECK(judge(Rational(0), 3).verdict == Verdict::inconclusive);
}

TEST_CASE("inequalities on boxes") {
  const PrecisionScope scope(128);
  const auto verdict = [](const Rational& bound) {
    Comparisons comparisons;
    const BoxInequality inequality{.f = [](const Jet<Ball>& x) { return x * exp(-(x * x) / 2); },
                                   .low = -4,
                                   .high = 4,
                                   .bound = Ball(bound)};
    inequality_on_boxes(inequality, {.part = "test"}, comparisons);
    return comparisons.outcome({}, false).verdict;
  };
  // The maximum is e^{-1/2} = 0.60653066.
  CHECK(verdict(Rational(60654, 100000)) == Verdict::holds);
  CHECK(verdict(Rational(60652, 100000)) == Verdict::violated);
}

}  // namespace
}  // namespace lemmabench
