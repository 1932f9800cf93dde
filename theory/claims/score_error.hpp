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

/// sum_{t>=2} E|Phi_t(X_t) - Psi_t(X_t)|^2/(2 b_t) of ddpm with exact scores and T = `steps` on the
/// default schedule (theory.md section 4): Phi_t, the exact flow at fixed signal from noise
/// variance 1-abar_t to 1-abar_t - 2 b_t, by the quantile transform; the expectation by quadrature
/// to about `tolerance`. In double. Cost: 2 to 5 ms a step.
double ddpm_mixture_path_kl(const CoordinateLaw& law, long steps, double tolerance);

}  // namespace lemmabench
