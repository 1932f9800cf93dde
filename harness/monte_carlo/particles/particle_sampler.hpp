#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "cases/sampler.hpp"
#include "cases/schemes/scheme.hpp"
#include "cases/score_estimate.hpp"
#include "cases/target.hpp"
#include "harness/monte_carlo/particles/particle_run.hpp"
#include "theory/process/output_law.hpp"
#include "theory/process/schedule.hpp"
#include "theory/process/vector_law.hpp"

namespace lemmabench {

/// A sampler on a target whose particles are asked for.
struct ParticleQuestion {
  std::string target;
  std::string sampler;          ///< a name, a file, or a scheme's file
  std::string score = "exact";  ///< or an affine estimate; a scheme takes the exact one alone
  ScheduleKind schedule;        ///< not of a scheme
  Start start = Start::gaussian;
  /// The scheme that `sampler` names, where it is in no file; null: the file is read.
  std::shared_ptr<const Scheme> scheme;
};

/// Any sampler on any target as particles: a named one at T levels of a schedule, in the
/// coordinates of the variance-preserving process, or a scheme at its own levels, in x = X_0 +
/// sigma Z. For use by several threads at once.
class ParticleSampler {
 public:
  /// Reads the data of a cloud and the file of a sampler. Throws InputError and EngineRefusal: what
  /// the target and the sampler throw, a score estimate that is not affine, a scheme with another
  /// score than the exact one.
  explicit ParticleSampler(const ParticleQuestion& question);

  const Target& target() const { return target_; }
  std::size_t dim() const { return clean_->dim(); }
  /// Canonical: of a file with the hash of its content.
  const std::string& sampler_text() const { return sampler_text_; }
  std::string score_text() const { return score_->text(); }
  bool exact_score() const { return score_->exact(); }
  /// Null for a named sampler.
  const Scheme* scheme() const { return scheme_.get(); }
  /// The number of steps that a scheme is of; none for a named sampler, which takes any.
  std::optional<long> own_steps() const;

  /// The level where samples end and what they are held against, X_1 or X_0 + sigma_K Z. Throws as
  /// the schedule does.
  Level<double> end(long steps) const;
  /// "t = 1 of 20, li-cai:c0=2,c1=9" or "sigma = 0.05".
  std::string end_name(long steps) const;

  /// Particles first..first+count-1 (ParticleSetting::first). Throws what the sampler and the law
  /// throw, NumericalFailure where a particle is not finite.
  ParticleRun run(long steps, std::uint64_t seed, std::uint64_t first, std::size_t count,
                  bool keep_means, int threads) const;

  /// What a reader must know of the sampler.
  std::vector<std::string> notes() const;

 private:
  ParticleRun run_named(long steps, std::uint64_t seed, std::uint64_t first, std::size_t count,
                        bool keep_means, int threads) const;

  ParticleQuestion question_;
  Target target_;
  std::shared_ptr<const Scheme> scheme_;
  std::unique_ptr<Sampler> sampler_;  ///< of a name
  std::string sampler_text_;
  std::unique_ptr<ScoreEstimate> score_;
  std::shared_ptr<const VectorLaw> clean_;
};

}  // namespace lemmabench
