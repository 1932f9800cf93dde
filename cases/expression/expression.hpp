#pragma once

#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "cases/walk.hpp"
#include "numerics/jet.hpp"
#include "numerics/rational.hpp"
#include "numerics/scalar.hpp"

namespace lemmabench {

/// What a coefficient of a step t -> t-1 may be made of, in the notation of theory.md section 3.
enum class StepSymbol { b, b1, alpha, alpha1, abar, h, noise, noise_next, t, T, d };

/// A symbol's name in a file, and what it stands for.
struct StepSymbolName {
  std::string_view name;
  StepSymbol symbol;
  std::string_view meaning;
};

/// All of them, in the order they are shown to a user.
std::span<const StepSymbolName> step_symbols();

/// True of the symbols of the step t+1 -> t, which the first step t = T does not have.
inline bool looks_back(StepSymbol symbol) {
  return symbol == StepSymbol::b1 || symbol == StepSymbol::alpha1;
}

/// A scalar formula in the symbols of a step, made by parse_expression(); evaluates at every scalar
/// and at Taylor series. Its numbers are exact until a scalar is chosen: 0.3 is three tenths.
///
/// Kept as a program for a stack machine, operands before their operator: evaluation needs no
/// recursion whatever the nesting. Cost: one operation of Real an operator.
class Expression {
 public:
  enum class Op { number, symbol, negate, add, subtract, multiply, divide, power, sqrt, exp, log };

  /// Appends one instruction. `argument` is the exponent of a power.
  void append(Op op, int argument = 0) { program_.push_back({op, argument}); }
  void append(StepSymbol symbol) { append(Op::symbol, static_cast<int>(symbol)); }
  void append(Rational number) {
    append(Op::number, static_cast<int>(numbers_.size()));
    numbers_.push_back(std::move(number));
  }

  /// The value at a step. Outside the domain of a function, what Real makes of it (NaN, a ball of
  /// infinite radius).
  template <class Real>
  Real value(const Step<Real>& c) const {
    std::vector<Real> stack;
    stack.reserve(program_.size());
    for (const Instruction& instruction : program_) {
      execute(instruction, c, stack);
    }
    return std::move(stack.back());
  }

  /// The number 0, written as such.
  bool is_zero() const {
    return program_.size() == 1 && program_[0].op == Op::number && numbers_[0].sign() == 0;
  }
  /// True if a symbol of the step t+1 -> t occurs.
  bool looks_back() const;

 private:
  struct Instruction {
    Op op;
    int argument;
  };

  template <class Real>
  static Real symbol_value(StepSymbol symbol, const Step<Real>& c);
  template <class Real>
  static Real integer_power(const Real& x, int exponent);
  template <class Real>
  void execute(const Instruction& instruction, const Step<Real>& c, std::vector<Real>& stack) const;
  template <class Real>
  static void execute_binary(Op op, std::vector<Real>& stack);

  std::vector<Instruction> program_;
  std::vector<Rational> numbers_;
};

template <class Real>
Real Expression::symbol_value(StepSymbol symbol, const Step<Real>& c) {
  switch (symbol) {
    case StepSymbol::b:
      return c.b;
    case StepSymbol::b1:
      return c.b1;
    case StepSymbol::alpha:
      return c.alpha;
    case StepSymbol::alpha1:
      return c.sqrt_alpha1 * c.sqrt_alpha1;
    case StepSymbol::abar:
      return c.abar;
    case StepSymbol::h:
      return c.h;
    case StepSymbol::noise:
      return c.noise;
    case StepSymbol::noise_next:
      return c.noise_next;
    case StepSymbol::t:
      return Real(c.t);
    case StepSymbol::T:
      return Real(c.steps);
    case StepSymbol::d:
      break;
  }
  return Real(static_cast<int>(c.dim));
}

template <class Real>
Real Expression::integer_power(const Real& x, int exponent) {
  Real result(1);
  for (int k = exponent < 0 ? -exponent : exponent; k > 0; --k) {
    result = result * x;
  }
  return exponent < 0 ? Real(Real(1) / result) : result;
}

template <class Real>
void Expression::execute(const Instruction& instruction, const Step<Real>& c,
                         std::vector<Real>& stack) const {
  using std::exp;
  using std::log;
  using std::sqrt;
  switch (instruction.op) {
    case Op::number:
      stack.push_back(
          from_rational<Real>(numbers_[static_cast<std::size_t>(instruction.argument)]));
      return;
    case Op::symbol:
      stack.push_back(symbol_value(static_cast<StepSymbol>(instruction.argument), c));
      return;
    case Op::negate:
      stack.back() = -stack.back();
      return;
    case Op::power:
      stack.back() = integer_power(stack.back(), instruction.argument);
      return;
    case Op::sqrt:
      stack.back() = sqrt(stack.back());
      return;
    case Op::exp:
      stack.back() = exp(stack.back());
      return;
    case Op::log:
      stack.back() = log(stack.back());
      return;
    default:
      execute_binary(instruction.op, stack);
  }
}

template <class Real>
void Expression::execute_binary(Op op, std::vector<Real>& stack) {
  const Real right = std::move(stack.back());
  stack.pop_back();
  Real& left = stack.back();
  if (op == Op::add) {
    left += right;
  } else if (op == Op::subtract) {
    left -= right;
  } else if (op == Op::multiply) {
    left *= right;
  } else {
    left /= right;
  }
}

}  // namespace lemmabench
