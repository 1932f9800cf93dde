#pragma once

#include <string>

#include "harness/monte_carlo/particles/particles.hpp"

namespace lemmabench {

/// The report as JSON: the request, and of each T in "results" "tv" with its "resolution" (one or
/// two dimensions), "likelihood_gap", "tv_at_least" with the counts of its event, "mean_gap" and
/// "square_gap"; "orders"; quantities as in harness/records/quantity_json.hpp; "notes", "version"
/// and the command that repeats it.
std::string particles_json(const ParticleReport& report);

/// The command that repeats a request.
std::string command_text(const ParticleRequest& request);

}  // namespace lemmabench
