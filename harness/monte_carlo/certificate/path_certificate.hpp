#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "numerics/evidence.hpp"
#include "theory/process/schedule.hpp"

namespace lemmabench {

/// One question to the path certificate; with the version, all that its bytes depend on.
struct CertificateRequest {
  std::string target;
  std::string sampler;
  std::string score = "exact";  ///< or an estimate, e.g. "affine:size=0.1"
  ScheduleKind schedule;
  long steps = 0;
  double relative_error = 0.01;  ///< of path_kl: half the interval's width, at most 0.5
  double level = 0.99;           ///< of the confidence intervals, 0.5 to 0.999999
  std::uint64_t seed = 1;
  double max_samples = 1e8;
};

/// The divergence of the kernels of step t (harness/monte_carlo/certificate/path_step.hpp).
struct CertificateStep {
  int t = 0;
  Quantity value;  ///< with an interval of its own at the level asked for
  long samples = 0;
  int substeps = 1;       ///< of the exact flow; 0: none was followed, and no samples drawn
  double flow_error = 0;  ///< the flow's part of the error of value
};

/// The path certificate (theory.md section 4), for any target whose score is exact, in any d:
///   KL(p_{X_1} || p_{Y_1}) <= KL(p_{X_T} || N(0, I)) + sum_t E||Phi_t - Psi_t||^2/(2 b_t),
///   TV(p_{X_1}, p_{Y_1}) <= sqrt(KL/2).
/// A sampler whose noise variance is not b/alpha has another divisor and a variance term in each
/// summand, and a step with h_t >= 1/2 another flow Phi_t
/// (harness/monte_carlo/certificate/path_step.hpp). Where level T has no signal the first step
/// makes a Gaussian of N(0, I), its summand is KL of p_{X_{T-1}} from that and initial_kl is 0;
/// where two levels are equal nothing happens, and the summand is 0 (end_steps.hpp). With a score
/// estimate Psi^ is the step on it, path_kl the sum of E||Phi - Psi^||^2, and
///   ||Phi - Psi^||^2 <= 2 ||Phi - Psi||^2 + 2 ||Psi - Psi^||^2
/// splits it into what the step and what the score does wrong.
/// Unlike an exact law this is an upper bound; unlike plain Monte Carlo it has no floor.
struct PathCertificate {
  CertificateRequest request;
  long dim = 1;
  Quantity path_kl;        ///< the sum over t
  double variance_kl = 0;  ///< the variance terms' share of path_kl; exact
  /// With a score estimate: the sums of E||Phi - Psi||^2 and of E||Psi - Psi^||^2, divided as
  /// path_kl is. path_kl - variance_kl <= 2 (discretisation_kl + score_kl).
  std::optional<Quantity> discretisation_kl;
  std::optional<Quantity> score_kl;
  Quantity initial_kl;    ///< KL(p_{X_T} || N(0, I))
  Quantity kl;            ///< their sum: the bound of KL
  Quantity tv;            ///< sqrt(kl/2), at most 1
  double flow_error = 0;  ///< how much of path_kl's half width is the flow's integration error
  std::vector<CertificateStep> summands;  ///< t = T..2
  long samples = 0;
  double score_calls = 0;  ///< of all samples together
  std::vector<std::string> notes;
};

/// Estimates the certificate by Monte Carlo, with independent samples of X_t for every t and as
/// many of them as reach relative_error with the least work: in two levels of the flow where that
/// is cheaper (harness/monte_carlo/certificate/path_estimate.hpp), and by Neyman's allocation. Same
/// bytes on any number of threads.
///
/// The interval is Student's with Welch's degrees of freedom, plus the flow's integration error:
/// with delta the fine flow's error found by halving its step, |E|D + delta|^2 - E|D|^2| <=
/// 2 sqrt(E|D|^2 E|delta|^2) + E|delta|^2, with E|delta|^2 three standard errors above its mean.
/// Confidence is asymptotic in the number of samples; every step has at least 256. Of 2800
/// intervals at level 0.9, asked for 5 %, 11 % missed.
///
/// Throws InputError for a range or data that cannot be read, EngineRefusal for a dimension above
/// 4096, for a sampler that is not one kernel with noise, for a score estimate that is not affine,
/// for a last level without noise, for an estimate or a law without a mean from a first level
/// without signal, and for a sampler that moves between equal levels; NumericalFailure when
/// max_samples or the flow's substeps do not suffice.
PathCertificate certify_path(const CertificateRequest& request, int threads);

}  // namespace lemmabench
