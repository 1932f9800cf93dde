#include "theory/claims/box_identity.hpp"

#include <doctest/doctest.h>

#include "numerics/evaluation_budget.hpp"
#include "theory/mixture/ball_mixture.hpp"

namespace lemmabench {
namespace {

/// (1 + error) exp(log(1 + x^2)/2) against sqrt(1 + x^2) on [-3, 3].
Outcome judge(const Rational& error, double evaluations, const Ball& scale = Ball(1)) {
  const PrecisionScope scope(128);
  Comparisons comparisons;
  const Ball factor = 1 + Ball(error);
  const BoxIdentity identity{.sides = [&](const Jet<Ball>& x) -> BoxSides {
                               const Jet<Ball> square = 1 + x * x;
                               return {exp(log(square) / 2) * factor, sqrt(square)};
                             },
                             .low = Ball(-3),
                             .high = Ball(3),
                             .scale = scale};
  const EvaluationBudget budget(evaluations);
  identity_on_boxes(identity, {.part = "test"}, comparisons);
  return comparisons.outcome({}, true);
}

TEST_CASE("an identity is proved on boxes") {
  const Outcome outcome = judge(Rational(0), 1e6);
  CHECK(outcome.verdict == Verdict::holds);
  CHECK(outcome.evidence == Evidence::proved);
  CHECK(outcome.margin >= 9);
  CHECK(outcome.comparisons > 4);
}

TEST_CASE("a box is done when it is sharp on its own scale, not on the largest") {
  // Held to the scale, the first boxes would count as sharp with remainders that say nothing.
  const Outcome outcome = judge(Rational(0), 1e6, pow(Ball(10), Ball(12)));
  CHECK(outcome.verdict == Verdict::holds);
  CHECK(outcome.margin >= 9);
}

TEST_CASE("a difference just above the resolution is found") {
  const Outcome outcome = judge(Rational::parse("2e-9", "test"), 1e6);
  CHECK(outcome.verdict == Verdict::violated);
  CHECK(outcome.evidence == Evidence::proved);
}

TEST_CASE("too few boxes leave it open, and more precision would not help") {
  const Outcome outcome = judge(Rational(0), 500);
  CHECK(outcome.verdict == Verdict::inconclusive);
  CHECK_FALSE(outcome.precision_may_help);
  CHECK(outcome.reason.starts_with(
      "the budget of 500 evaluations ran out; the last box that was left "
      "open is bounded by "));
}

/// A wide mode N(0, 1) beside a narrow one, sd 1e-8 at 20, of the same weight: the score against
/// itself times 1 + error bump(x), where the bump is 0 with all the middles of the four boxes that
/// a cover starts with (so that no middle shows the error) and 1 nearly everywhere else in the wide
/// mode.
Outcome judge_wide_mode(const Rational& error) {
  const PrecisionScope scope(256);
  const CoordinateLaw law{{{Rational(1, 2), Rational(0), Rational(1)},
                           {Rational(1, 2), Rational(20), Rational::parse("1e-16", "test")}},
                          1};
  const BallMixture<> mixture(law, Ball(1), Ball(0));
  const BoxIdentity identity{.sides = [&](const Jet<Ball>& x) -> BoxSides {
                               const auto at = mixture.at(x);
                               // Middles at -6.375, -1.125, ...: of [-9, 12] cut in four.
                               Jet<Ball> zeros(1);
                               for (const long eighth : {-51L, -9L, 33L, 75L}) {
                                 const Jet<Ball> off = x - Ball(Rational(eighth, 8));
                                 zeros = zeros * (off * off / (1 + off * off));
                               }
                               const Jet<Ball> score = at.log_density().differentiated();
                               return {score, score * (1 + zeros * Ball(error))};
                             },
                             .low = Ball(-9),
                             .high = Ball(12),
                             .scale = pow(Ball(10), Ball(8))};
  Comparisons comparisons;
  identity_on_boxes(identity, {.part = "test"}, comparisons);
  return comparisons.outcome({}, true);
}

TEST_CASE("an error of a tenth in a wide mode is seen beside a mode of 1e-16") {
  // The natural size of the score anywhere is 1e8: to 1e-9 of that a tenth of 1 would pass.
  CHECK(judge_wide_mode(Rational(1, 10)).verdict == Verdict::violated);
  CHECK(judge_wide_mode(Rational(1, 10'000'000)).verdict == Verdict::violated);
}

TEST_CASE("the resolution of an identity is told in absolute terms") {
  const Outcome outcome = judge_wide_mode(Rational(0));
  CHECK(outcome.verdict == Verdict::holds);
  REQUIRE(outcome.resolution);
  // No box of the wide mode asks for more than 1e-9 of |s| <= 12.
  CHECK(outcome.resolution->asked.less_than(Ball(Rational(12, 1'000'000'000))) == Truth::certainly);
  CHECK(outcome.resolution->difference.less_than(outcome.resolution->asked) == Truth::certainly);
  CHECK(outcome.resolution->anywhere.less_than(Ball(Rational(12, 1'000'000'000))) ==
        Truth::certainly);
}

TEST_CASE("inequalities on boxes") {
  const PrecisionScope scope(128);
  const auto verdict = [](const Rational& bound) {
    Comparisons comparisons;
    const BoxInequality inequality{.f = [](const Jet<Ball>& x) { return x * exp(-(x * x) / 2); },
                                   .low = Ball(-4),
                                   .high = Ball(4),
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
