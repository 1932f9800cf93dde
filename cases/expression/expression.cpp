#include "cases/expression/expression.hpp"

#include <algorithm>
#include <array>

namespace lemmabench {

std::span<const StepSymbolName> step_symbols() {
  static constexpr std::array<StepSymbolName, 11> kSymbols{{
      {"b", StepSymbol::b, "1 - alpha_t"},
      {"b1", StepSymbol::b1, "1 - alpha_{t+1}; not in the first step"},
      {"alpha", StepSymbol::alpha, "alpha_t"},
      {"alpha1", StepSymbol::alpha1, "alpha_{t+1}; not in the first step"},
      {"abar", StepSymbol::abar, "alpha_1 ... alpha_t"},
      {"h", StepSymbol::h, "(1 - alpha_t)/(1 - abar_t)"},
      {"noise", StepSymbol::noise, "1 - abar_t, to full relative accuracy"},
      {"noise_next", StepSymbol::noise_next, "1 - abar_{t-1}"},
      {"t", StepSymbol::t, "the level the step starts from"},
      {"T", StepSymbol::T, "the number of levels"},
      {"d", StepSymbol::d, "the dimension"},
  }};
  return kSymbols;
}

bool Expression::looks_back() const {
  return std::any_of(program_.begin(), program_.end(), [](const Instruction& instruction) {
    return instruction.op == Op::symbol &&
           lemmabench::looks_back(static_cast<StepSymbol>(instruction.argument));
  });
}

}  // namespace lemmabench
