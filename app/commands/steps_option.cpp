#include "app/commands/steps_option.hpp"

#include <fmt/format.h>

#include "numerics/error.hpp"
#include "numerics/quoted.hpp"
#include "numerics/rational.hpp"
#include "theory/process/schedule.hpp"

namespace lemmabench {

long parse_steps(const std::string& text) {
  const Rational steps = Rational::parse(text, "--steps");
  if (fmpz_is_one(fmpq_denref(steps.raw())) == 0 || steps < Rational(2) ||
      steps > Rational(kMaxSteps)) {
    throw InputError(
        fmt::format("--steps: '{}' is not a whole number from 2 to {}", quoted(text), kMaxSteps));
  }
  return fmpz_get_si(fmpq_numref(steps.raw()));
}

}  // namespace lemmabench
