#include "harness/records/steps_text.hpp"

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

long steps_of(const std::string& text, const ScheduleKind& schedule) {
  const std::optional<long> own = own_steps(schedule);
  if (!text.empty()) {
    const long steps = parse_steps(text);
    if (own && *own != steps) {
      throw InputError(fmt::format("--steps {}: --schedule {} has {} levels; leave --steps out",
                                   steps, quoted(lemmabench::text(schedule)), *own));
    }
    return steps;
  }
  if (!own) {
    throw InputError("--steps: is missing; give T, the number of levels of the schedule");
  }
  return *own;
}

}  // namespace lemmabench
