#pragma once

#include <string>
#include <vector>

#include "cases/target.hpp"
#include "harness/monte_carlo/certificate/end_steps.hpp"
#include "harness/monte_carlo/certificate/path_step.hpp"
#include "numerics/evidence.hpp"
#include "theory/process/schedule.hpp"

namespace lemmabench {

/// How well initial_kl must be known where it is sampled.
struct InitialAccuracy {
  double relative_error;  ///< relative to itself and `scale` together
  double level;           ///< of the interval
  double scale;
};

/// KL(p_{X_T} || N(0, I)): proved for a Gaussian, by quadrature for a rotation-invariant law,
/// else by Monte Carlo, with samples of its own.
Quantity initial_kl(const Target& target, const PathStep::Setting& setting,
                    const ScheduleKind& schedule, const InitialAccuracy& accuracy, int threads);

/// The summand of a first step from a level without signal, KL(p_{X_{T-1}} || p_{Y_{T-1}}): the
/// step makes a Gaussian of Y_T ~ N(0, I) (NormalStart), and nothing was lost before it. Evidence
/// and cost as of initial_kl. Throws EngineRefusal where the step makes none that is known.
Quantity first_step_kl(const Target& target, const PathStep::Setting& setting,
                       const ScheduleKind& schedule, const InitialAccuracy& accuracy, int threads);

/// sqrt(E||s*_t(X_t)||^2) at [t-1], t = 1..T: exactly for a Gaussian, else the mean of 1024
/// samples.
std::vector<double> score_sizes(const Target& target, const PathStep::Setting& setting,
                                int threads);
/// What a reader of a certificate with an estimate should know of score_sizes.
std::string score_note(const Target& target);

}  // namespace lemmabench
