#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "harness/studies/heavy_tails/heavy_tails.hpp"

namespace lemmabench {

/// Everything of the result; Q = {value, error, evidence} (harness/records/quantity_json.hpp), null
/// where the quantity is infinite or could not be computed. Keys:
///   sampler, schedule, theta, dims, steps, law_steps, version, command
///   rows: [{nu, dim, applicable, reason, second_moment: Q|null,
///     starts: [{steps, tv: Q, kl: Q|null, kl_bound: Q|null, tv_bound: Q|null, verdict}],
///     start_order: {refusal, derived, value, error, evidence, low, high, asymptotic, range_reason,
///                   local: [{from, to, value, error, evidence}]},
///     typical: [{steps, t, outside: Q|null, bound: Q|null, verdict}],
///     laws: [{steps, total: Q|null, initialisation: Q|null, discretisation: Q|null, failure,
///             command}]}]
/// verdict: {verdict: holds|violated|inconclusive|not applicable, reason, evidence}.
nlohmann::ordered_json heavy_tails_json(const HeavyTailResult& result);

}  // namespace lemmabench
