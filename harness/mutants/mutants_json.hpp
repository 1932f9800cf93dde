#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "harness/mutants/hunt.hpp"

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

/// The same as tables: every mutant and its catch, the survivors, the thresholds.
std::string mutants_text(const MutantRun& run, bool times);

/// The thresholds on the laws of one engine: samplers down, the coefficients that one of them uses
/// across, "1e-12", "<=1e-14" (the smallest tried), ">1e-1" or "-" (not used).
struct ThresholdTable {
  std::string engine;
  std::string cell;                             ///< the law, of the first sampler
  std::vector<std::vector<std::string>> lines;  ///< the first is the header
};
std::vector<ThresholdTable> threshold_tables(const std::vector<DetectionThreshold>& thresholds);

}  // namespace lemmabench
