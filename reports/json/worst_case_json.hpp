#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "harness/studies/worst_case/worst_case.hpp"

namespace lemmabench {

/// Everything of the result; quantities as in harness/records/quantity_json.hpp (Q), orders that
/// come out of a search as such too. Keys:
///   request: sampler, schedule, steps, dims, budget, families; start ("exact"), objective,
///   second_moment_bound, log_power, theory {dim_exponent, step_exponent, source}
///   families: [{id, title, parameters: [{name, low, high, scale}],
///     constants: [SEARCH], envelope: [EXPONENT], dim_exponent: SEARCH or null}]
///   worst: {constants: [{dim, family, target, constant: Q}] the largest C of each d,
///     envelope: EXPONENT with "family", the largest; local_dim_exponent, searched_dim_exponent}
///   version, command
/// SEARCH: {dim, other_dim, evaluations, rejected, refusals: [{message, count}], exponent, worst}
/// worst: {target, parameters {name: decimal}, dim, second_moment, moment_exponent, rungs: [{steps,
///   tv, constant}], step_exponents: [EXPONENT], fit: {..} or null, tv_doubled, dim_exponent,
///   total, initialisation, command}; what could not be measured is null.
/// EXPONENT: {from, to, value, error, evidence}.
nlohmann::ordered_json worst_case_json(const WorstCaseResult& result);

/// The command that repeats the search, without --store.
std::string command_text(const WorstCaseRequest& request);

}  // namespace lemmabench
