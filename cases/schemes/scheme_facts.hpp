#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "cases/schemes/scheme_chain.hpp"

namespace lemmabench {

/// What a scheme is, as far as its law on the line is concerned.
enum class SchemeKind {
  deterministic,      ///< no noise: one map of x_T, whatever it remembers
  one_noise,          ///< one call, one noise a step; no memory
  grouped,            ///< several calls, one noise a step; no memory
  noise_inside_step,  ///< calls of a step see noise that its end does not remember
  memory_of_one,      ///< noise, and steps that depend on one earlier state
  deeper_memory,      ///< noise, and steps that depend on more than one
};

/// "deterministic", "one noise a step", "several calls and one noise a step", "noise inside a
/// step", "noise with memory of one earlier state" or "noise with deeper memory".
std::string_view name(SchemeKind kind);

/// What a scheme is found to be, whatever its author says.
struct SchemeFacts {
  SchemeKind kind = SchemeKind::deterministic;
  std::size_t calls = 0;
  std::size_t draws = 0;
  std::size_t noises = 0;           ///< rows with noise of their own
  std::size_t most_calls = 0;       ///< between two noises
  std::size_t most_remembered = 0;  ///< earlier states that a law must remember beside the present
  std::size_t unused_draws = 0;     ///< columns of zeros
  std::size_t unused_outputs = 0;   ///< model calls whose answer no row uses
  /// Noises that are made of more than one draw (the increments of a Brownian path).
  std::size_t composite_noises = 0;
  /// The end of a step has noise in common with a call inside it.
  bool correlated = false;
  std::size_t equal_levels = 0;   ///< neighbours among the levels that are equal up to rounding
  std::size_t rising_levels = 0;  ///< levels above the one before (a method that steps back)
  double defect = 0;              ///< SchemeChain::defect

  /// One line for people.
  std::string text() const;
};

/// Cost: that of make_chain.
SchemeFacts scheme_facts(const Scheme& scheme);
SchemeFacts scheme_facts(const Scheme& scheme, const SchemeChain& chain);

}  // namespace lemmabench
