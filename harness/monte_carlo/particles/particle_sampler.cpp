#include "harness/monte_carlo/particles/particle_sampler.hpp"

#include <fmt/format.h>

#include <utility>

#include "cases/sampler_schedule.hpp"
#include "cases/schemes/scheme_name.hpp"
#include "cases/vector_law.hpp"
#include "harness/monte_carlo/certificate/path_marginals.hpp"
#include "harness/monte_carlo/particles/scheme_run.hpp"
#include "harness/records/scheme_file.hpp"
#include "numerics/error.hpp"

namespace lemmabench {

ParticleSampler::ParticleSampler(const ParticleQuestion& question)
    : question_(question),
      target_(make_target(question.target, "--target")),
      scheme_(question.scheme),
      sampler_text_(question.sampler),
      score_(make_score(question.score, "--score")) {
  if (scheme_ == nullptr && names_scheme(question.sampler)) {
    SchemeFile file = open_scheme(question.sampler, "--sampler");
    scheme_ = std::make_shared<const Scheme>(std::move(file.scheme));
    sampler_text_ = std::move(file.text);
  }
  if (scheme_ == nullptr) {
    sampler_ = make_sampler(question.sampler, "--sampler");
    sampler_text_ = sampler_->text();
  } else if (!score_->exact()) {
    throw EngineRefusal(fmt::format(
        "--score {}: a scheme is run with the exact model; leave --score out", question.score));
  }
  if (!score_->info().affine) {
    throw EngineRefusal(fmt::format(
        "--score {}: is not affine in the score, and particles take affine ones; use affine",
        score_->text()));
  }
  clean_ = vector_law(target_);
}

std::optional<long> ParticleSampler::own_steps() const {
  if (scheme_ == nullptr) return std::nullopt;
  return scheme_->steps.value_or(static_cast<long>(scheme_->calls()));
}

Level<double> ParticleSampler::end(long steps) const {
  if (scheme_ != nullptr) {
    const double sigma = scheme_->levels.back();
    return {1, sigma * sigma};
  }
  return schedule_for<double>(*sampler_, question_.schedule, steps, EndLevels::closed).level(1);
}

std::string ParticleSampler::end_name(long steps) const {
  return scheme_ != nullptr ? fmt::format("sigma = {:.6g}", scheme_->levels.back())
                            : fmt::format("t = 1 of {}, {}", steps, text(question_.schedule));
}

ParticleRun ParticleSampler::run(long steps, std::uint64_t seed, std::uint64_t first,
                                 std::size_t count, bool keep_means, int threads) const {
  if (scheme_ == nullptr) return run_named(steps, seed, first, count, keep_means, threads);
  return run_scheme({target_, *clean_, *scheme_, sampler_text_, seed, question_.start, first},
                    count, keep_means, threads);
}

ParticleRun ParticleSampler::run_named(long steps, std::uint64_t seed, std::uint64_t first,
                                       std::size_t count, bool keep_means, int threads) const {
  const auto schedule =
      schedule_for<double>(*sampler_, question_.schedule, steps, EndLevels::closed);
  if (schedule.from_noise() && !score_->exact()) {
    throw EngineRefusal(fmt::format(
        "--score {}: level {} has no signal (abar = 0), where no estimate says what the data "
        "prediction is; let the first level of --schedule have some, or use the exact score",
        score_->text(), schedule.steps()));
  }
  PathScore estimate{*score_, {}};
  ParticleSetting setting{*clean_, *sampler_, schedule, seed, question_.start};
  setting.first = first;
  if (!score_->exact()) {
    estimate.rms =
        score_sizes(target_, PathStep::Setting{*clean_, *sampler_, schedule, seed}, threads);
    setting.score = &estimate;
  }
  return run_particles(setting, count, keep_means, threads);
}

std::vector<std::string> ParticleSampler::notes() const {
  std::vector<std::string> out;
  if (sampler_ == nullptr) return out;
  if (sampler_->info().tag == "reconstructed") {
    out.push_back(std::string(sampler_->info().id) +
                  " is a reconstruction: " + std::string(sampler_->info().source));
  }
  if (const std::size_t draws = sampler_->draws().size(); draws > 0) {
    out.push_back(fmt::format("random times: each particle has one of {} draws of them", draws));
  }
  if (!score_->exact()) {
    out.push_back(score_note(target_));
  }
  return out;
}

}  // namespace lemmabench
