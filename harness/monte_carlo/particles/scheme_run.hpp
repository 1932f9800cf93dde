#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "cases/schemes/scheme.hpp"
#include "cases/target.hpp"
#include "harness/monte_carlo/particles/particle_run.hpp"
#include "theory/process/output_law.hpp"
#include "theory/process/vector_law.hpp"

namespace lemmabench {

/// How particles of a scheme are run.
struct SchemeRunSetting {
  const Target& target;
  const VectorLaw& clean;  ///< of the target
  const Scheme& scheme;
  std::string name;  ///< of the scheme, for messages
  std::uint64_t seed = 1;
  /// `exact` is the law of X_0 + sigma_0 Z, `gaussian` N(0, scheme.start_variance() I); both are
  /// centred Gaussians where sigma_0 is infinite, `exact` of variance 1.
  Start start = Start::gaussian;
  std::uint64_t first = 0;  ///< number of the first particle, for its random numbers
};

/// Runs `count` particles of a scheme row by row (cases/schemes/scheme.hpp), in its coordinates
/// x = X_0 + sigma Z, with the exact answers of the model, D = y + sigma^2 score(y), or E X_0 at an
/// infinite level. Their rounding is 1e-16 of the largest finite level.
///
/// Draw z_m of a particle is a function of the seed, m and the particle's number: rows that share a
/// draw share its values, and sample i has the same bytes on any number of threads. Only what later
/// rows ask for is kept: a block of particles holds as many vectors as are needed at once, a few
/// for a recursion and K+M for dense rows. Time: a model call a row, a product a coefficient.
///
/// The last kernel (ParticleRun::means) is what the output row adds by draws that no other row asks
/// for. Throws EngineRefusal for a finite level above 1e10 and where eight particles need more than
/// 2^27 numbers at once, NumericalFailure where a particle is not finite.
ParticleRun run_scheme(const SchemeRunSetting& setting, std::size_t count, bool keep_means,
                       int threads);

}  // namespace lemmabench
