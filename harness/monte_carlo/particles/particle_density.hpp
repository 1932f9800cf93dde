#pragma once

#include <string>
#include <vector>

#include "cases/target.hpp"
#include "harness/monte_carlo/particles/particle_run.hpp"
#include "numerics/evidence.hpp"
#include "theory/process/schedule.hpp"

namespace lemmabench {

/// The density of Y_1 at a point, at a resolution.
struct PointDensity {
  std::vector<double> point;
  Quantity q;           ///< of Y_1, with noise added up to the resolution
  double p = 0;         ///< of X_1 with the same noise, exact
  std::string refusal;  ///< why q is not known; empty if it is
};

/// q_r(y) = E N(y; mean, r^2 I), with the last kernel N(mean, s^2 I) integrated exactly and noise
/// of variance r^2 - s^2 added (harness/monte_carlo/particles/resolved_variation.hpp); the mean
/// over all particles with its normal interval. Refused where fewer than 30 particles count, (sum
/// k)^2/sum k^2: their mean is not near normal, and in high dimension no particle may be near at
/// all. `resolution` below s is s; it may not be 0.
std::vector<PointDensity> point_densities(const ParticleRun& run, const Target& target,
                                          const Level<double>& level_one, double resolution,
                                          const std::vector<std::vector<double>>& points,
                                          double level);

}  // namespace lemmabench
