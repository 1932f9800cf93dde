#pragma once

#include <string>
#include <vector>

#include "theory/claims/claim.hpp"

/// What the files of family E share.
namespace lemmabench {

std::vector<Claim> score_energy_claims();  ///< E1
std::vector<Claim> score_path_claims();    ///< E1-path
std::vector<Claim> score_slope_claims();   ///< E2
std::vector<Claim> split_claims();         ///< E3

/// The law of `sampler` with a score estimate on the case's target, default schedule, at the digits
/// that the thread's precision suggests on a Gaussian.
LawRequest perturbed_request(const Trial& trial, const std::string& sampler, long steps,
                             const std::string& score);

}  // namespace lemmabench
