#include "harness/monte_carlo/judge/output_law.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>
#include <variant>

#include "cases/sampler_schedule.hpp"
#include "cases/schemes/scheme_name.hpp"
#include "harness/engines/gaussian/gaussian_propagation.hpp"
#include "harness/engines/line/line_law.hpp"
#include "harness/engines/line/line_numbers.hpp"
#include "harness/engines/scheme/scheme_density.hpp"
#include "harness/engines/scheme/scheme_moments.hpp"
#include "harness/monte_carlo/judge/line_output.hpp"
#include "harness/monte_carlo/judge/particle_output.hpp"
#include "numerics/error.hpp"
#include "numerics/parallel.hpp"

namespace lemmabench {
namespace {

struct Asked {
  const ParticleQuestion& question;
  const ParticleSampler& sampler;
  long steps;
  Level<double> end;
  int threads;
};

/// One Gaussian a part, of the same weight: mean and variance of each block of the target.
class GaussianParts {
 public:
  explicit GaussianParts(const GaussianLaw& target) : target_(target) {}

  void add(const std::vector<double>& mean, const std::vector<double>& variance) {
    for (std::size_t i = 0; i < target_.coordinates.size(); ++i) {
      const auto copies = static_cast<std::size_t>(target_.coordinates[i].multiplicity);
      means_.insert(means_.end(), copies, mean[i]);
      variances_.insert(variances_.end(), copies, variance[i]);
    }
    ++parts_;
  }
  std::unique_ptr<const ReferenceLaw> law() const;

 private:
  const GaussianLaw& target_;
  std::vector<double> means_;
  std::vector<double> variances_;
  std::size_t parts_ = 0;
};

std::unique_ptr<const ReferenceLaw> GaussianParts::law() const {
  for (const double variance : variances_) {
    if (!(variance > 1e-300 && std::isfinite(variance))) {
      throw EngineRefusal("a variance of the output is 0 or no number");
    }
  }
  return std::make_unique<JudgedLaw>(
      std::make_shared<const VectorMixture>(
          static_cast<std::size_t>(target_.dim()),
          std::vector<double>(parts_, 1 / static_cast<double>(parts_)), means_, variances_),
      "exact draws of its output");
}

/// Of a named sampler.
void add_named(const Asked& asked, const GaussianLaw& target, const std::string& sampler_text,
               GaussianParts& parts) {
  const auto sampler = make_sampler(sampler_text, "--sampler");
  const auto score = make_score("exact", "--score");
  const bool exact = asked.question.start == Start::exact;
  const auto schedule =
      schedule_for<double>(*sampler, asked.question.schedule, asked.steps, EndLevels::closed);
  const GaussianPropagation<double> found = propagate_gaussian<double>(
      target, *sampler, *score, schedule, {.exact_start = exact, .threads = asked.threads});
  std::vector<double> mean;
  std::vector<double> variance;
  for (std::size_t i = 0; i < target.coordinates.size(); ++i) {
    const BlockLaw<double>& block = exact ? found.from_exact[i] : found.from_gaussian[i];
    mean.push_back(std::sqrt(asked.end.abar) * target.coordinates[i].mean().to_double() +
                   block.mean_error);
    variance.push_back(found.variance[i] * (1 + block.e));
  }
  parts.add(mean, variance);
}

void add_scheme(const Asked& asked, const GaussianLaw& target, GaussianParts& parts) {
  const Scheme& scheme = *asked.sampler.scheme();
  const bool exact = asked.question.start == Start::exact;
  const bool noise = scheme.starts_from_noise();
  std::vector<double> mean;
  std::vector<double> variance;
  for (const CoordinateLaw& block : target.coordinates) {
    const double w = block.variance().to_double();
    const double mu = block.mean().to_double();
    const SchemeResponse<double> response = scheme_response<double>(scheme, w, mu);
    const double exact_variance = noise ? 1 : w + scheme.levels.front() * scheme.levels.front();
    const double from = exact ? exact_variance : scheme.start_variance();
    mean.push_back(response.constant + (exact && !noise ? response.start * mu : 0));
    variance.push_back(response.start * response.start * from + response.noise);
  }
  parts.add(mean, variance);
}

std::unique_ptr<const ReferenceLaw> gaussian_output(const Asked& asked, const GaussianLaw& target) {
  GaussianParts parts(target);
  if (asked.sampler.scheme() != nullptr) {
    add_scheme(asked, target, parts);
    return parts.law();
  }
  std::vector<std::string> draws = make_sampler(asked.sampler.sampler_text(), "--sampler")->draws();
  if (draws.empty()) draws.push_back(asked.sampler.sampler_text());
  for (const std::string& draw : draws) {
    add_named(asked, target, draw, parts);
  }
  return parts.law();
}

/// Two computations of a density, the finer first; both are there.
using Densities = std::vector<std::optional<SchemeDensity>>;

Densities named_densities(const Asked& asked, const CoordinateLaw& target) {
  const auto sampler = make_sampler(asked.sampler.sampler_text(), "--sampler");
  if (!sampler->draws().empty()) {
    throw EngineRefusal("the sampler's times are random, and its density a mean over them");
  }
  const auto score = make_score("exact", "--score");
  LawRequest request;
  request.schedule = asked.question.schedule;
  request.steps = asked.steps;
  const LineModel<double> model = line_model<double>(target, *sampler, *score, request);
  LineModel<double> other = model;
  other.schedule = rounded_anew(model.schedule);
  return parallel_map(2, asked.threads, [&](std::size_t i) {
    LineEnd<double> end =
        propagate_line<double>(i == 0 ? model : other, asked.question.start,
                               i == 0 ? fine_line_settings(0) : coarse_line_settings(0));
    const double first[] = {1, 0};
    return std::optional(SchemeDensity{end.law.combined({first, end.law.channels()}),
                                       run_rounding<double>(asked.steps)});
  });
}

Densities scheme_densities(const Asked& asked, const CoordinateLaw& target) {
  const Scheme& scheme = *asked.sampler.scheme();
  return parallel_map(2, asked.threads, [&](std::size_t i) {
    SchemeDensity found =
        scheme_line_density(scheme, target, asked.question.start,
                            i == 0 ? fine_line_settings(0) : coarse_line_settings(0), i == 1);
    found.error += run_rounding<double>(static_cast<long>(scheme.calls()));
    return std::optional(std::move(found));
  });
}

std::unique_ptr<const ReferenceLaw> line_output(const Asked& asked, const CoordinateLaw& target,
                                                const std::shared_ptr<const JudgedLaw>& near) {
  Densities found = asked.sampler.scheme() == nullptr ? named_densities(asked, target)
                                                      : scheme_densities(asked, target);
  auto out = std::make_unique<LineOutput>(std::move(found[0]->law), std::move(found[1]->law),
                                          found[0]->error, near);
  if (!(out->distribution_error() <= kMostDistributionError)) {
    throw EngineRefusal(
        fmt::format("the density on the line is known to {:.1g} only", out->distribution_error()));
  }
  return out;
}

}  // namespace

OutputLaw output_law(const ParticleQuestion& question, long steps, int threads) {
  const auto sampler = std::make_shared<const ParticleSampler>(question);
  OutputLaw out;
  out.sampler = sampler->sampler_text();
  out.steps = sampler->own_steps().value_or(steps);
  out.end = {sampler->end(out.steps), sampler->end_name(out.steps)};
  const Asked asked{question, *sampler, out.steps, out.end.level, threads};
  const auto near = std::make_shared<const JudgedLaw>(sampler->target(), out.end.level);
  std::string reason = "on this target the law of its output is not known";
  try {
    if (const auto* gaussian = std::get_if<GaussianLaw>(&sampler->target().law)) {
      out.law = gaussian_output(asked, *gaussian);
      out.engine = "gaussian law";
    } else if (const auto* mixture = std::get_if<CoordinateLaw>(&sampler->target().law)) {
      out.law = line_output(asked, *mixture, near);
      out.engine = "line law";
    }
  } catch (const EngineRefusal& refusal) {
    reason = refusal.what();
  } catch (const NumericalFailure& failure) {
    reason = failure.what();
  }
  for (std::string& note : sampler->notes()) out.notes.push_back(std::move(note));
  if (!out.law) {
    out.law = std::make_unique<ParticleOutput>(sampler, out.steps, near);
    out.engine = "particles";
    out.notes.push_back(
        fmt::format("held against particles of the sampler, by tests of two samples: {}", reason));
  }
  return out;
}

}  // namespace lemmabench
