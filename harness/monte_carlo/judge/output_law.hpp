#pragma once

#include <memory>
#include <string>
#include <vector>

#include "harness/monte_carlo/goodness_of_fit/judged_law.hpp"
#include "harness/monte_carlo/goodness_of_fit/reference_law.hpp"
#include "harness/monte_carlo/particles/particle_sampler.hpp"

namespace lemmabench {

/// The law of a sampler's output as samples are held against it.
struct OutputLaw {
  std::unique_ptr<const ReferenceLaw> law;
  std::string sampler;  ///< canonical text
  long steps = 0;
  NamedLevel end;
  std::string engine;  ///< "gaussian law", "line law" or "particles": what the draws come from
  std::vector<std::string> notes;
};

/// The output of a sampler after `steps` levels (of a scheme: its own steps, and `steps` is 0):
///   - on a Gaussian target, if its step is affine there: Gaussian with the variances and means of
///     the Gaussian law in double (relative error about 1e-13), of random times a mixture of one
///     for each draw of them; draws and distribution functions are exact;
///   - on a mixture on the line, if the density is known there to kMostDistributionError of its
///     distribution function (LineOutput): draws by inversion;
///   - else, and where an engine refuses, particles; a note says why.
/// Throws what ParticleSampler, the schedule and the target throw.
OutputLaw output_law(const ParticleQuestion& question, long steps, int threads);

inline constexpr double kMostDistributionError = 1e-6;

}  // namespace lemmabench
