#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "harness/atlas/exponents.hpp"

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

/// The same as a person reads it: T* as one table a family, then the exponents. Ends with a line
/// that counts verdicts.
std::string atlas_text(const Atlas& atlas);

/// "64", ">16384" (above the cap), "<= 64" (a T that suffices), "63..64" (a bracket), "-"
/// (unknown).
std::string least_text(const AtlasCurve& curve, std::size_t eps, bool bounded, long cap);

}  // namespace lemmabench
