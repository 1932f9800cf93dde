#pragma once

#include <cmath>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "cases/walk.hpp"
#include "numerics/ball_functions.hpp"
#include "numerics/error.hpp"
#include "numerics/jet.hpp"
#include "numerics/rational.hpp"
#include "numerics/scalar.hpp"

namespace lemmabench {

/// What a coefficient of a step t -> t-1 may be made of, in the notation of theory.md section 3.
enum class StepSymbol {
  b,
  b1,
  b2,
  b3,
  alpha,
  alpha1,
  alpha2,
  alpha3,
  abar,
  h,
  h1,
  h2,
  h3,
  sigma,
  sigma_next,
  sigma1,
  sigma2,
  sigma3,
  noise,
  noise_next,
  t,
  T,
  d
};

/// A symbol's name in a file, and what it stands for.
struct StepSymbolName {
  std::string_view name;
  StepSymbol symbol;
  std::string_view meaning;
};

/// All of them, in the order they are shown to a user.
std::span<const StepSymbolName> step_symbols();

/// How many levels above t a symbol is about: 1 for b1 = b_{t+1}, which the first step t = T does
/// not have; 0 for those of this step.
inline int levels_back(StepSymbol symbol) {
  switch (symbol) {
    case StepSymbol::b1:
    case StepSymbol::alpha1:
    case StepSymbol::h1:
    case StepSymbol::sigma1:
      return 1;
    case StepSymbol::b2:
    case StepSymbol::alpha2:
    case StepSymbol::h2:
    case StepSymbol::sigma2:
      return 2;
    case StepSymbol::b3:
    case StepSymbol::alpha3:
    case StepSymbol::h3:
    case StepSymbol::sigma3:
      return 3;
    default:
      return 0;
  }
}

/// min(a, b) and max(a, b). Of balls an enclosure where the order is not certain. A series has none
/// where its arguments may cross: EngineRefusal. NaN if either is.
template <class Real>
Real least_of(const Real& a, const Real& b);
template <class Real>
Real most_of(const Real& a, const Real& b);

/// A scalar formula in the symbols of a step, made by parse_expression(); evaluates at every scalar
/// and at Taylor series. Its numbers are exact until a scalar is chosen: 0.3 is three tenths.
///
/// Kept as a program for a stack machine, operands before their operator: evaluation needs no
/// recursion whatever the nesting. Cost: one operation of Real an operator.
class Expression {
 public:
  enum class Op {
    number,
    symbol,
    negate,
    add,
    subtract,
    multiply,
    divide,
    power,
    min,
    max,
    sqrt,
    exp,
    log,
    log1p,
    expm1
  };

  /// Appends one instruction. `argument` is the exponent of a power.
  void append(Op op, int argument = 0) { program_.push_back({op, argument}); }
  void append(StepSymbol symbol) { append(Op::symbol, static_cast<int>(symbol)); }
  void append(Rational number) {
    append(Op::number, static_cast<int>(numbers_.size()));
    numbers_.push_back(std::move(number));
  }

  /// The value at a step. Outside the domain of a function, what Real makes of it (NaN, a ball of
  /// infinite radius). Throws EngineRefusal where the step is a series and the formula has levels
  /// beyond t+1 or a min or max that may change sides.
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
  /// The farthest level above t that a symbol is about: 2 with b2 = b_{t+2}.
  int look_back() const;

 private:
  struct Instruction {
    Op op;
    int argument;
  };

  template <class Real>
  static Real symbol_value(StepSymbol symbol, const Step<Real>& c);
  template <class Real>
  static Real earlier_value(StepSymbol symbol, const Step<Real>& c);
  template <class Real>
  static Real integer_power(const Real& x, int exponent);
  template <class Real>
  void execute(const Instruction& instruction, const Step<Real>& c, std::vector<Real>& stack) const;
  template <class Real>
  static void execute_binary(Op op, std::vector<Real>& stack);

  std::vector<Instruction> program_;
  std::vector<Rational> numbers_;
};

namespace expression_detail {

/// -1, 0 or 1 as a is certainly less than b, neither, or certainly more: of series by their
/// constant terms, where both sides are the same series around it.
template <class Real>
int certain_order(const Real& a, const Real& b) {
  if constexpr (is_ball<Real>) {
    return a.less_than(b) == Truth::certainly ? -1 : (b.less_than(a) == Truth::certainly ? 1 : 0);
  } else if constexpr (is_jet<Real>) {
    return certain_order(a.value(), b.value());
  } else {
    return a < b ? -1 : (b < a ? 1 : 0);
  }
}

}  // namespace expression_detail

template <class Real>
Real least_of(const Real& a, const Real& b) {
  if constexpr (is_ball<Real>) {
    return smaller(a, b);
  } else {
    const int order = expression_detail::certain_order(a, b);
    if (order != 0) {
      return order < 0 ? a : b;
    }
    if constexpr (is_jet<Real>) {
      throw EngineRefusal(
          "a min or max of the sampler's formulas may change sides in this step, and has no Taylor "
          "series there");
    } else {
      return a == b ? a : Real(a + b);
    }
  }
}

template <class Real>
Real most_of(const Real& a, const Real& b) {
  if constexpr (is_ball<Real>) {
    return larger(a, b);
  } else {
    return Real(-least_of(Real(-a), Real(-b)));
  }
}

template <class Real>
Real Expression::earlier_value(StepSymbol symbol, const Step<Real>& c) {
  using std::sqrt;
  if (c.schedule == nullptr) {
    throw EngineRefusal(
        "this computation takes one step as a series and knows the levels t-1, t and t+1 only, and "
        "the sampler's formulas are about t+2 or t+3");
  }
  const int t = c.t + levels_back(symbol);
  switch (symbol) {
    case StepSymbol::b2:
    case StepSymbol::b3:
      return c.schedule->b(t);
    case StepSymbol::alpha2:
    case StepSymbol::alpha3:
      return c.schedule->alpha(t);
    case StepSymbol::h2:
    case StepSymbol::h3:
      return c.schedule->h(t);
    default:
      return sqrt(Real(c.schedule->level(t).noise / c.schedule->level(t).abar));
  }
}

template <class Real>
Real Expression::symbol_value(StepSymbol symbol, const Step<Real>& c) {
  using std::sqrt;
  if (levels_back(symbol) > 1) {
    return earlier_value(symbol, c);
  }
  // 1-abar_{t+1} = 1-abar_t + b_{t+1} abar_t.
  const auto noise_before = [&c] { return Real(c.noise + c.b1 * c.abar); };
  switch (symbol) {
    case StepSymbol::b:
      return c.b;
    case StepSymbol::b1:
      return c.b1;
    case StepSymbol::alpha:
      return c.alpha;
    case StepSymbol::alpha1:
      return c.sqrt_alpha1 * c.sqrt_alpha1;
    case StepSymbol::h1:
      return c.b1 / noise_before();
    case StepSymbol::sigma:
      return sqrt(Real(c.noise / c.abar));
    case StepSymbol::sigma_next:
      return sqrt(Real(c.noise_next * c.alpha / c.abar));
    case StepSymbol::sigma1:
      return sqrt(Real(noise_before() / c.abar)) / c.sqrt_alpha1;
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
    default:
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
  using std::expm1;
  using std::log;
  using std::log1p;
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
    case Op::log1p:
      stack.back() = log1p(stack.back());
      return;
    case Op::expm1:
      stack.back() = expm1(stack.back());
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
  } else if (op == Op::divide) {
    left /= right;
  } else {
    left = op == Op::min ? least_of(left, right) : most_of(left, right);
  }
}

}  // namespace lemmabench
