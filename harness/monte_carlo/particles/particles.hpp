#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "cases/schemes/scheme.hpp"
#include "harness/monte_carlo/goodness_of_fit/classifier_test.hpp"
#include "harness/monte_carlo/particles/particle_density.hpp"
#include "harness/monte_carlo/particles/particle_run.hpp"
#include "harness/monte_carlo/particles/resolved_variation.hpp"
#include "harness/monte_carlo/particles/two_samples.hpp"
#include "numerics/evidence.hpp"
#include "theory/process/output_law.hpp"
#include "theory/process/schedule.hpp"

namespace lemmabench {

/// One question to the particles; with the version, all that its bytes depend on.
struct ParticleRequest {
  std::string target;
  std::string sampler;
  std::string score = "exact";  ///< or an affine estimate
  ScheduleKind schedule;
  std::vector<long> steps;  ///< T, ascending; none of a scheme, which has its own
  Start start = Start::gaussian;
  /// The scheme that `sampler` names, where it is in no file (ParticleQuestion::scheme).
  std::shared_ptr<const Scheme> scheme;
  long samples = 20000;
  std::uint64_t seed = 1;
  double level = 0.99;                  ///< of the intervals, 0.5 to 0.999999
  double resolution = 0;                ///< of TV in one or two dimensions; 0: usual_resolution()
  std::vector<std::vector<double>> at;  ///< points to know the density at
};

/// What particles say of the law of Y_1 at one T. p = law of X_1, q = law of Y_1; of a scheme p =
/// law of X_0 + sigma_K Z, q = law of the output.
struct ParticleResult {
  long steps = 0;
  std::optional<ResolvedVariation> variation;  ///< in one or two dimensions
  Quantity likelihood_gap;                     ///< at most TV
  /// An event chosen on one half of the samples and counted on the other (enclosing_box.hpp).
  EventCounts event;
  double tv_above = 0;                  ///< TV is at least this, by the event; 0: nothing was seen
  std::optional<MomentGaps> moments;    ///< where p has fourth moments
  std::vector<PointDensity> densities;  ///< at the points asked for
};

/// An order between two T: log(y/y')/log(h/h') of what is measured at them, h = log T/T or 1/T
/// (numerics/order_fit.hpp), with the interval that theirs leave.
struct ParticleOrder {
  long from = 0;
  long to = 0;
  Quantity order;
  std::string refusal;  ///< why there is none; empty if there is
};

struct ParticleReport {
  ParticleRequest request;
  long dim = 1;
  std::string ends_at;  ///< the level where samples end (ParticleSampler::end_name, of the first T)
  std::optional<std::size_t> model_calls;  ///< of a scheme
  std::vector<ParticleResult> results;     ///< one a T
  std::vector<ParticleOrder> orders;       ///< between neighbours, then over all; none for one T
  std::vector<std::string> notes;
};

/// What an order is measured on: TV at the resolution, or above two dimensions the likelihood gap.
const Quantity& rated(const ParticleResult& result);

/// An order is refused unless both values are at least so many times their half-widths (the floor,
/// about 1/sqrt(samples)), so that no noise is read as a slope.
inline constexpr double kSignalToFloor = 3;

/// Runs particles and compares them with four times as many exact samples of X_1. With several T
/// the intervals hold together with probability `level` for each quantity, and all T have the same
/// resolution. `take` is given the samples of each T. Same bytes on any number of threads.
///
/// Throws InputError for a range, EngineRefusal for a dimension above 4096, a score estimate that
/// is not affine, too many numbers for the memory or a scheme that ends where the target has no
/// density, and what the sampler and the target throw.
ParticleReport measure_particles(
    const ParticleRequest& request, int threads,
    const std::function<void(const ParticleRun&)>& take = [](const ParticleRun&) {});

}  // namespace lemmabench
