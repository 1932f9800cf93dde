#include "numerics/evaluation_budget.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "numerics/ball.hpp"

namespace lemmabench {

thread_local EvaluationBudget* EvaluationBudget::current_ = nullptr;

EvaluationBudget::EvaluationBudget(double evaluations) : limit_(evaluations) {
  if (current_ != nullptr) {
    throw std::logic_error("an evaluation budget is open already");
  }
  current_ = this;
}

void EvaluationBudget::count(double evaluations) {
  spent_ += evaluations;
  if (used_up()) {
    throw BudgetUsedUp(fmt::format("the budget of {:.3g} evaluations ran out", limit_));
  }
}

void EvaluationBudget::spend(double evaluations) {
  if (current_ != nullptr) {
    // Products of balls cost in proportion to their bits, from two words on.
    const double bits = static_cast<double>(PrecisionScope::bits());
    current_->count(evaluations * std::max(1.0, bits / 128));
  }
}

void EvaluationBudget::spend_once(const void* answer, double evaluations) {
  if (current_ != nullptr && current_->paid_.insert(answer).second) {
    current_->count(evaluations);
  }
}

}  // namespace lemmabench
