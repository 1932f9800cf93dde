#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "harness/studies/complexity/complexity_exponents.hpp"

namespace lemmabench {

/// The atlas and everything derived from it:
///   {"plan", "schedule", "eps": [..],
///    "families": [{"id", "title", "variable", "bounded", "members": [{"at", "dim", "target"}]}],
///    "curves": [{"family", "at", "dim", "sampler", "failure"?, "monotone",
///                "least": [{"eps", "steps", "at_least", "capped", "certain", "evidence"}],
///                "points": [{"steps", ..Q..}]}],
///    "exponents": [{"family", "sampler", "variable", "at", "exponent"?: {"value", "low", "high"},
///                   "asymptotic", "bound", "theorem", "bounded", "slack"?, "verdict", "reason"}],
///    "crossings": [{"family", "at", "sampler", "eps"?, "always_fewer", "largest", "bound"}],
///    "constants": [{"family", "at", "dim", "sampler", "claim", "largest": Q, "at_steps",
///                   "last": Q, "growing"}]}
/// with Q as in law_json.hpp.
nlohmann::ordered_json atlas_json(const Atlas& atlas);

}  // namespace lemmabench
