#pragma once

#include <cstddef>
#include <cstdint>

#include "cases/points/point_file.hpp"
#include "cases/sampler.hpp"
#include "harness/monte_carlo/certificate/path_step.hpp"
#include "theory/process/output_law.hpp"
#include "theory/process/schedule.hpp"
#include "theory/process/vector_law.hpp"

namespace lemmabench {

/// How particles are run.
struct ParticleSetting {
  const VectorLaw& clean;
  const Sampler& sampler;
  const Schedule<double>& schedule;
  std::uint64_t seed = 1;
  Start start = Start::gaussian;
  const PathScore* score = nullptr;  ///< in place of the exact score, if not none
  /// The number of the first particle, for its random numbers; those of apart numbers are
  /// independent. Of a sampler with random times a run takes up to twice as many as it has
  /// particles, and one task's for each draw.
  std::uint64_t first = 0;
};

/// The step of exact samples of a start (SampleKeys::step): no schedule has so many, and no draw of
/// the judge's has it (harness/monte_carlo/goodness_of_fit/shuffle.hpp), which samples made here
/// may be held against.
inline constexpr std::uint64_t kExactStartStep = std::uint64_t{1} << 41U;

/// Independent samples of Y_1.
struct ParticleRun {
  PointTable samples;
  /// The means of the last kernel, if it has noise and they were asked for: sample i is N(means i,
  /// last_sd^2 I) given the particle before it.
  PointTable means;
  double last_sd = 0;  ///< 0: the last kernel is deterministic
};

/// Runs `count` particles from level T to level 1, with the sampler's own step code and the exact
/// scores of the law. Sample i is the same on any number of threads.
///
/// A sampler with random times (Sampler::draws) gives every particle one of its draws, chosen at
/// random: the samples are those of the mean over the draws. Throws what the sampler and the law
/// throw, and NumericalFailure where a particle is not finite.
ParticleRun run_particles(const ParticleSetting& setting, std::size_t count, bool keep_means,
                          int threads);

}  // namespace lemmabench
