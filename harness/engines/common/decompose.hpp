#pragma once

#include <concepts>

#include "theory/process/error_parts.hpp"
#include "theory/process/output_law.hpp"
#include "theory/process/schedule.hpp"

namespace lemmabench {

/// How a law's start is computed: where level T has no signal p_{X_T} is N(0, I), both starts are
/// one, and what their difference makes is 0 by definition.
template <class Real>
Start start_of(const Schedule<Real>& schedule, Start asked) {
  return schedule.from_noise() ? Start::exact : asked;
}

/// What an engine must be able to compute to have its law decomposed; `Number` is what it computes
/// with (a scalar, or an Estimate). Each is asked for only where it is not 0 by definition.
template <class Engine, class Number>
concept Decomposable = requires(Engine engine, ErrorParts<Number> parts) {
  /// TV between the output laws from the two starts, exact scores.
  { engine.initialisation() } -> std::convertible_to<Number>;
  /// TV(p_{X_1}, output law), exact start and scores.
  { engine.discretisation() } -> std::convertible_to<Number>;
  /// TV between the output laws with exact and with estimated scores.
  { engine.score() } -> std::convertible_to<Number>;
  /// A1's eps_score.
  { engine.score_error() } -> std::convertible_to<Number>;
  /// Fills initial_tv and initial_kl: N(0, I) against p_{X_T}.
  engine.add_initial(parts);
  /// Fills what is known of early stopping.
  engine.add_early_stopping(parts);
};

/// The parts of theory.md section 5, the same ones for every engine.
template <class Number, Decomposable<Number> Engine>
ErrorParts<Number> decompose(Engine& engine, Start start, bool exact_score) {
  const bool exact_start = start == Start::exact;
  ErrorParts<Number> out;
  out.initialisation = exact_start ? Number{} : Number(engine.initialisation());
  out.discretisation = engine.discretisation();
  out.score = exact_score ? Number{} : Number(engine.score());
  if (exact_start) {
    out.initial_tv = Number{};
    out.initial_kl = Number{};
  } else {
    engine.add_initial(out);
  }
  out.eps_score = exact_score ? Number{} : Number(engine.score_error());
  engine.add_early_stopping(out);
  return out;
}

}  // namespace lemmabench
