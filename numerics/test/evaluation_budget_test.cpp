#include "numerics/evaluation_budget.hpp"

#include <doctest/doctest.h>

#include <thread>

#include "numerics/ball.hpp"
#include "numerics/ball_integral.hpp"
#include "numerics/supremum.hpp"

namespace lemmabench {
namespace {

/// x on [0, 1] at a cost of 1 a look; the supremum is 1, at a corner that only halving reaches.
Supremum slope_with(double evaluations) {
  const PrecisionScope scope(96);
  const EvaluationBudget budget(evaluations);
  const Ball half = Ball(Rational(1, 2));
  const auto slope = [](long, const Ball& x) {
    EvaluationBudget::spend(1);
    return SupremumValue{Truth::certainly, x};
  };
  return supremum({{0, Ball::around(half, half)}}, slope, {.tolerance = 1e-9});
}

}  // namespace

TEST_CASE("evaluation budget: spends until it is used up, and a thread without one spends freely") {
  const PrecisionScope scope(128);
  EvaluationBudget::spend(1e9);
  {
    const EvaluationBudget budget(10);
    EvaluationBudget::spend(10);
    CHECK_FALSE(budget.used_up());
    CHECK_THROWS_AS(EvaluationBudget::spend(1), BudgetUsedUp);
    CHECK(budget.used_up());
    CHECK_THROWS_AS(EvaluationBudget::spend(1), BudgetUsedUp);
    // Another thread has nothing to do with it.
    std::thread([] { EvaluationBudget::spend(100); }).join();
    CHECK(budget.spent() == 12);
    CHECK_THROWS_AS(EvaluationBudget(5), std::logic_error);
  }
  EvaluationBudget::spend(1e9);
}

TEST_CASE("evaluation budget: more bits cost more, a remembered answer costs once") {
  const EvaluationBudget budget(1000);
  {
    const PrecisionScope scope(64);
    EvaluationBudget::spend(3);
  }
  CHECK(budget.spent() == 3);
  {
    const PrecisionScope scope(512);
    EvaluationBudget::spend(3);
  }
  CHECK(budget.spent() == 15);
  {
    const BudgetAside aside;
    EvaluationBudget::spend(1e9);
    const EvaluationBudget own(2);
    CHECK_THROWS_AS(EvaluationBudget::spend(3), BudgetUsedUp);
  }
  CHECK(budget.spent() == 15);
  // A remembered answer is paid for once.
  const int answer = 0;
  EvaluationBudget::spend_once(&answer, 100);
  EvaluationBudget::spend_once(&answer, 100);
  CHECK(budget.spent() == 115);
  CHECK_THROWS_AS(EvaluationBudget::spend_once(&budget, 1000), BudgetUsedUp);
}

TEST_CASE("evaluation budget: a supremum cut short keeps bounds that are true") {
  const Supremum all = slope_with(1e6);
  CHECK_FALSE(all.used_up);
  CHECK(all.upper - all.lower < 2e-9);
  for (const double evaluations : {2.0, 3.0, 5.0, 6.0, 9.0, 14.0}) {
    CAPTURE(evaluations);
    const Supremum cut = slope_with(evaluations);
    CHECK(cut.used_up);
    CHECK(cut.lower <= 1);
    CHECK(cut.upper >= 1);
    CHECK(cut.upper - cut.lower > 1e-9);
  }
  // Before the first look at every cell nothing is known.
  CHECK_THROWS_AS(slope_with(1), BudgetUsedUp);
}

TEST_CASE("evaluation budget: quadrature ends with it") {
  const PrecisionScope scope(128);
  // cos(10^6 x) takes a million values; the budget comes before the integrator's own limit.
  const ComplexFunction fast = [](const ComplexBall& z, bool) {
    ComplexBall result = z * Ball(1000000);
    acb_cos(result.raw(), result.raw(), PrecisionScope::bits());
    return result;
  };
  const std::vector<Ball> ends{Ball(0), Ball(1)};
  const EvaluationBudget budget(1000);
  CHECK_THROWS_AS(integral(fast, ends, {.digits = 12, .accuracy = Accuracy::absolute}),
                  BudgetUsedUp);
}

}  // namespace lemmabench
