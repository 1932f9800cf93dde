#include "cases/expression/expression.hpp"

#include <algorithm>
#include <array>

namespace lemmabench {

std::span<const StepSymbolName> step_symbols() {
  static constexpr std::array<StepSymbolName, 23> kSymbols{{
      {"b", StepSymbol::b, "1 - alpha_t"},
      {"b1", StepSymbol::b1, "1 - alpha_{t+1}; not in the first step"},
      {"b2", StepSymbol::b2, "1 - alpha_{t+2}; not in the first two steps"},
      {"b3", StepSymbol::b3, "1 - alpha_{t+3}; not in the first three steps"},
      {"alpha", StepSymbol::alpha, "alpha_t"},
      {"alpha1", StepSymbol::alpha1, "alpha_{t+1}; not in the first step"},
      {"alpha2", StepSymbol::alpha2, "alpha_{t+2}; not in the first two steps"},
      {"alpha3", StepSymbol::alpha3, "alpha_{t+3}; not in the first three steps"},
      {"abar", StepSymbol::abar, "alpha_1 ... alpha_t"},
      {"h", StepSymbol::h, "(1 - alpha_t)/(1 - abar_t) = 1 - (sigma_next/sigma)^2"},
      {"h1", StepSymbol::h1, "the same of the step t+1; not in the first step"},
      {"h2", StepSymbol::h2, "the same of the step t+2; not in the first two steps"},
      {"h3", StepSymbol::h3, "the same of the step t+3; not in the first three steps"},
      {"sigma", StepSymbol::sigma, "sqrt((1 - abar_t)/abar_t)"},
      {"sigma_next", StepSymbol::sigma_next, "sqrt((1 - abar_{t-1})/abar_{t-1})"},
      {"sigma1", StepSymbol::sigma1, "that of level t+1; not in the first step"},
      {"sigma2", StepSymbol::sigma2, "that of level t+2; not in the first two steps"},
      {"sigma3", StepSymbol::sigma3, "that of level t+3; not in the first three steps"},
      {"noise", StepSymbol::noise, "1 - abar_t, to full relative accuracy"},
      {"noise_next", StepSymbol::noise_next, "1 - abar_{t-1}"},
      {"t", StepSymbol::t, "the level the step starts from"},
      {"T", StepSymbol::T, "the number of levels"},
      {"d", StepSymbol::d, "the dimension"},
  }};
  return kSymbols;
}

int Expression::look_back() const {
  int most = 0;
  for (const Instruction& instruction : program_) {
    if (instruction.op == Op::symbol) {
      most = std::max(most, levels_back(static_cast<StepSymbol>(instruction.argument)));
    }
  }
  return most;
}

}  // namespace lemmabench
