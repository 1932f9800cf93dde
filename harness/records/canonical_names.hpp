#pragma once

#include <string>
#include <string_view>

namespace lemmabench {

/// The texts of a request as they are kept: one for every spelling. Called where such a text is
/// read; what is canonical stays as it is. `origin` starts the message of the InputError that each
/// throws for a text that names nothing (make_target, make_sampler, make_score).

/// The catalogue's name if the catalogue has that law, else the inline spec; a TOML file becomes
/// its inline spec. Costs the reading of a target and the texts of the whole catalogue.
std::string canonical_target(std::string_view text, std::string_view origin);
/// Sampler::text(): a sampler of a file with the hash of its content. Refuses a scheme: grids,
/// plans and gates ask for laws at steps and schedules of theirs, and a scheme has its own
/// (open_scheme).
std::string canonical_sampler(std::string_view text, std::string_view origin);
/// ScoreEstimate::text().
std::string canonical_score(std::string_view text, std::string_view origin);

}  // namespace lemmabench
