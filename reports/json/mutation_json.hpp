#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "harness/studies/mutation/hunt.hpp"

namespace lemmabench {

/// Everything of a run; seconds, which differ from run to run, only if `times`. Keys:
///   study: "mutants", bank, exact, mutants: [{mutant, base, bug, title, caught: CATCH or null,
///   cells, score_calls, seconds, survives, witness {target, steps, schedule, digits}, seen: CATCH
///   or null, as_recorded}], thresholds: [{sampler, coefficient, engine, cell, digits}] where an
///   error of 10^-digits is still caught (at most 14; 0: only a factor 2 is known to be), caught,
///   total, passed, seconds, version, equals: [{base, sampler, title, cells, flagged: CATCH or
///   null}]
/// CATCH: {cell, quantity, kind, reason, before: Q or null, after: Q or null}.
nlohmann::ordered_json mutants_json(const MutantRun& run, bool times);

/// A run back from its JSON. Throws InputError starting with `origin` for what is none.
MutantRun mutants_from_json(const std::string& text, const std::string& origin);

}  // namespace lemmabench
