#include "harness/monte_carlo/certificate/path_certificate.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <utility>

#include "cases/sampler.hpp"
#include "cases/sampler_schedule.hpp"
#include "cases/score_estimate.hpp"
#include "cases/step.hpp"
#include "cases/target.hpp"
#include "cases/vector_law.hpp"
#include "harness/monte_carlo/certificate/end_steps.hpp"
#include "harness/monte_carlo/certificate/path_estimate.hpp"
#include "harness/monte_carlo/certificate/path_marginals.hpp"
#include "numerics/error.hpp"
#include "numerics/quoted.hpp"

namespace lemmabench {
namespace {

void check_request(const CertificateRequest& request) {
  if (!(request.relative_error >= 1e-6 && request.relative_error <= 0.5)) {
    throw InputError(
        fmt::format("--relative-error {}: must be from 1e-6 to 0.5", request.relative_error));
  }
  if (!(request.level >= 0.5 && request.level <= 0.999999)) {
    throw InputError(fmt::format("--confidence {}: must be from 0.5 to 0.999999", request.level));
  }
}

/// sqrt(kl/2) with the ends of kl's interval; not above 1.
Quantity total_variation_bound(const Quantity& kl, double level) {
  const double low = std::sqrt(std::max(0.0, kl.value() - kl.error()) / 2);
  const double high = std::sqrt((kl.value() + kl.error()) / 2);
  const double value = std::min(1.0, std::sqrt(std::max(0.0, kl.value()) / 2));
  return Sampled{value, std::max(std::min(1.0, high) - value, value - std::min(low, 1.0)), level};
}

std::vector<std::string> notes(const CertificateRequest& request, const Sampler& sampler) {
  std::vector<std::string> out;
  if (sampler.info().tag == "reconstructed") {
    out.push_back(std::string(sampler.info().id) +
                  " is a reconstruction: " + std::string(sampler.info().source));
  }
  out.push_back(fmt::format("intervals hold with confidence {}, asymptotically in the samples",
                            request.level));
  return out;
}

/// A sum over t of independent means, its interval widened by `bias`.
Quantity summed(const std::vector<SummandEstimate>& estimates, FlowMoments SummandEstimate::*part,
                double level, double bias) {
  std::vector<RunningMoments> parts;
  double sum = 0;
  for (const SummandEstimate& e : estimates) {
    const std::vector<RunningMoments> one = e.parts(e.*part);
    parts.insert(parts.end(), one.begin(), one.end());
    sum += e.mean(e.*part);
  }
  return Sampled{sum, half_width(parts, level) + bias, level};
}

void fill_summands(const std::vector<SummandEstimate>& estimates, PathCertificate& out) {
  const double level = out.request.level;
  double discretisation_bias = 0;
  for (const SummandEstimate& e : estimates) {
    const double bias = e.flow_bias();
    out.flow_error += bias;
    out.variance_kl += e.variance_term;
    discretisation_bias += flow_bias(e.mean(e.discretisation), e.flow_error);
    out.samples += static_cast<long>(e.samples());
    out.score_calls += e.score_calls();
    out.summands.push_back(
        {.t = e.t,
         .value = Sampled{e.value(), half_width(e.parts(e.summand), level) + bias, level},
         .samples = static_cast<long>(e.samples()),
         .substeps = e.substeps,
         .flow_error = bias});
  }
  const Quantity sum = summed(estimates, &SummandEstimate::summand, level, out.flow_error);
  out.path_kl = Sampled{sum.value() + out.variance_kl, sum.error(), level};
  if (out.request.score != "exact") {
    out.discretisation_kl =
        summed(estimates, &SummandEstimate::discretisation, level, discretisation_bias);
    std::vector<RunningMoments> scores;
    double sum_of_scores = 0;
    for (const SummandEstimate& e : estimates) {
      scores.push_back(e.score);
      sum_of_scores += e.score.mean;
    }
    out.score_kl = Sampled{sum_of_scores, half_width(scores, level), level};
  }
}

/// The steps that need no samples: between equal levels, where nothing happens on either path, and
/// the first one from a level without signal.
void add_known_steps(const PathStep::Setting& setting, const Target& target, int threads,
                     PathCertificate& out) {
  for (const int t : setting.schedule.pauses()) {
    out.summands.push_back({.t = t, .value = Proved{Ball(0)}, .samples = 0, .substeps = 0});
  }
  if (setting.schedule.from_noise()) {
    const CertificateRequest& request = out.request;
    const Quantity first =
        first_step_kl(target, setting, request.schedule,
                      {request.relative_error, request.level, out.path_kl.value()}, threads);
    out.summands.push_back(
        {.t = setting.schedule.steps(), .value = first, .samples = 0, .substeps = 0});
    // Independent samples: the variances add; the flow's error does not shrink with them.
    const double sampled = out.path_kl.error() - out.flow_error;
    out.path_kl = Sampled{out.path_kl.value() + first.value(),
                          std::hypot(sampled, first.error()) + out.flow_error, request.level};
  }
  std::sort(out.summands.begin(), out.summands.end(),
            [](const CertificateStep& a, const CertificateStep& b) { return a.t > b.t; });
}

/// What end levels without noise or signal, and equal levels, ask of sampler and score.
void require_levels(const CertificateRequest& request, const Sampler& sampler,
                    const ScoreEstimate& score, const Schedule<double>& schedule, long dim) {
  if (schedule.to_data()) {
    throw EngineRefusal(fmt::format(
        "--schedule {}: level 1 has no noise, and the path certificate compares kernels with noise "
        "down to every level (KL from a step to X_0 itself without noise is infinite); let the "
        "last level have some; `lemmabench law` and `lemmabench particles` take it as it is",
        quoted(text(request.schedule))));
  }
  if (schedule.from_noise() && !score.exact()) {
    throw EngineRefusal(fmt::format(
        "--score {}: level {} has no signal (abar = 0), where no estimate says what the data "
        "prediction is; let the first level of --schedule have some, or use the exact score",
        score.text(), schedule.steps()));
  }
  for (const int t : schedule.pauses()) {
    if (!stands_still(sampler, make_step(schedule, t, dim))) {
      throw EngineRefusal(
          fmt::format("--sampler {}: moves between levels {} and {}, which are equal, and the "
                      "forward path does "
                      "not, so that KL is infinite; list every level once",
                      sampler.text(), t, t - 1));
    }
  }
}

/// For an estimate; wave and its like need a line.
void check_score(const ScoreEstimate& score) {
  if (!score.info().affine) {
    throw EngineRefusal(
        fmt::format("--score {}: is not affine in the score, and the path certificate takes affine "
                    "ones; use affine",
                    score.text()));
  }
}

}  // namespace

PathCertificate certify_path(const CertificateRequest& request, int threads) {
  check_request(request);
  const Target target = make_target(request.target, "--target");
  const auto sampler = make_sampler(request.sampler, "--sampler");
  const auto score = make_score(request.score, "--score");
  check_score(*score);
  const std::shared_ptr<const VectorLaw> clean = vector_law(target);
  const auto schedule =
      schedule_for<double>(*sampler, request.schedule, request.steps, EndLevels::closed);
  require_levels(request, *sampler, *score, schedule, target.dim());
  PathStep::Setting setting{*clean, *sampler, schedule, request.seed};
  PathScore estimated{*score, {}};
  PathCertificate out;
  out.request = request;
  out.request.sampler = sampler->text();
  out.request.score = score->text();
  out.dim = target.dim();
  if (!score->exact()) {
    estimated.rms = score_sizes(target, setting, threads);
    setting.score = &estimated;
  }
  fill_summands(estimate_path(setting,
                              {.relative_error = request.relative_error,
                               .level = request.level,
                               .max_samples = request.max_samples},
                              threads),
                out);
  add_known_steps(setting, target, threads, out);
  const InitialAccuracy accuracy{request.relative_error, request.level, out.path_kl.value()};
  out.initial_kl = initial_kl(target, setting, request.schedule, accuracy, threads);
  // Independent samples: the variances add; the flow's error does not shrink with them.
  const double path_error = out.path_kl.error() - out.flow_error;
  out.kl = Sampled{out.path_kl.value() + out.initial_kl.value(),
                   std::hypot(path_error, out.initial_kl.error()) + out.flow_error, request.level};
  out.tv = total_variation_bound(out.kl, request.level);
  out.notes = notes(request, *sampler);
  for (std::string& note : level_notes(schedule)) {
    out.notes.push_back(std::move(note));
  }
  if (!score->exact()) {
    out.notes.push_back(score_note(target));
  }
  return out;
}

}  // namespace lemmabench
