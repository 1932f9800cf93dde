#pragma once

#include <set>
#include <stdexcept>

namespace lemmabench {

/// The work of a proof exceeds what it may cost. What was found until then stands: whoever can
/// bound the rest (numerics/supremum.hpp) catches this and does.
class BudgetUsedUp : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// What the calling thread's proof may cost, in evaluations: the unit is one component of a
/// Gaussian mixture at one ball of 128 bits, about 1 us. Branch and bound, adaptive quadrature,
/// Newton's method and series on boxes all end by themselves on the targets they were made for;
/// beside a scale 1e-30 of their own they would go on for hours. Counted where the evaluations are
/// made and never timed, so that the same command ends with the same bytes on every machine and any
/// number of threads.
///
/// A budget holds from its construction to its end. They do not nest (std::logic_error for a second
/// one). A thread that has none open may spend what it likes.
class EvaluationBudget {
 public:
  explicit EvaluationBudget(double evaluations);
  EvaluationBudget(const EvaluationBudget&) = delete;
  EvaluationBudget& operator=(const EvaluationBudget&) = delete;
  ~EvaluationBudget() { current_ = nullptr; }

  /// Counts `evaluations` at 128 bits; at more bits they count for more. Throws BudgetUsedUp when
  /// there are no more. Call it before the work is done. Cost: 2 ns.
  static void spend(double evaluations);
  /// Counts what a remembered answer did cost, once in the life of the budget: whoever asks pays
  /// the same, whether it had to be found or was known.
  static void spend_once(const void* answer, double evaluations);

  double spent() const { return spent_; }
  bool used_up() const { return spent_ > limit_; }

 private:
  void count(double evaluations);

  double limit_;
  double spent_ = 0;
  std::set<const void*> paid_;
  static thread_local EvaluationBudget* current_;

  friend class BudgetAside;
};

/// Puts the thread's budget aside while it lives: for an answer that will be remembered, which must
/// not depend on how much the first who asks has left. It may have a budget of its own.
class BudgetAside {
 public:
  BudgetAside() : budget_(EvaluationBudget::current_) { EvaluationBudget::current_ = nullptr; }
  BudgetAside(const BudgetAside&) = delete;
  BudgetAside& operator=(const BudgetAside&) = delete;
  ~BudgetAside() { EvaluationBudget::current_ = budget_; }

 private:
  EvaluationBudget* budget_;
};

}  // namespace lemmabench
