#include "harness/monte_carlo/particles/particles.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <utility>
#include <variant>

#include "cases/sampler_schedule.hpp"
#include "cases/target.hpp"
#include "harness/monte_carlo/goodness_of_fit/judged_law.hpp"
#include "harness/monte_carlo/particles/enclosing_box.hpp"
#include "harness/monte_carlo/particles/particle_sampler.hpp"
#include "numerics/error.hpp"
#include "numerics/order_fit.hpp"
#include "theory/process/natural_scale.hpp"

namespace lemmabench {
namespace {

constexpr std::size_t kReferences = 4;  // exact samples a particle
// The random numbers of the exact samples: no schedule has so many steps.
constexpr std::uint64_t kReferenceStep = (std::uint64_t{1} << 40U) + 1;
constexpr long kLeastSamples = 100;
constexpr double kMostNumbers = 1 << 25;

void check_request(const ParticleRequest& request, long dim) {
  if (!(request.level >= 0.5 && request.level <= 0.999999)) {
    throw InputError(fmt::format("--confidence {}: must be from 0.5 to 0.999999", request.level));
  }
  if (!(request.resolution >= 0 && std::isfinite(request.resolution))) {
    throw InputError(fmt::format("--resolution {}: must be 0 or above", request.resolution));
  }
  if (request.samples < kLeastSamples) {
    throw InputError(
        fmt::format("--samples {}: must be at least {}", request.samples, kLeastSamples));
  }
  if (static_cast<double>(request.samples) * static_cast<double>(dim) > kMostNumbers) {
    throw EngineRefusal(fmt::format("--samples {}: in {} dimensions at most {} fit into memory",
                                    request.samples, dim,
                                    static_cast<long>(kMostNumbers / static_cast<double>(dim))));
  }
  for (const std::vector<double>& point : request.at) {
    if (static_cast<long>(point.size()) != dim) {
      throw InputError(
          fmt::format("--at: a point has {} coordinates, and the target {}", point.size(), dim));
    }
  }
  if (request.steps.empty()) {
    throw InputError("--steps: is missing; give T, the number of levels of the schedule");
  }
  if (!std::is_sorted(request.steps.begin(), request.steps.end(), std::less_equal<>())) {
    throw InputError("--steps: must ascend, with nothing twice");
  }
}

/// Whether X_1 has fourth moments, which intervals of second moments need.
bool has_fourth_moments(const Target& target) {
  const auto* radial = std::get_if<RadialLaw>(&target.law);
  const auto* student = radial == nullptr ? nullptr : std::get_if<StudentLaw>(&radial->law);
  return student == nullptr || student->nu > Rational(4);
}

/// All that does not depend on T.
struct Laboratory {
  const ParticleRequest& request;
  ParticleSampler sampler;
  int threads = 1;
  /// Of the interval at each T.
  double level = 1 - (1 - request.level) / static_cast<double>(request.steps.size());

  const Target& target() const { return sampler.target(); }
};

ParticleRun run(const Laboratory& lab, long steps) {
  const ParticleRequest& request = lab.request;
  return lab.sampler.run(steps, request.seed, 0, static_cast<std::size_t>(request.samples),
                         lab.sampler.dim() <= 2 || !request.at.empty(), lab.threads);
}

/// The spread of X_1 in its narrowest coordinate, by the quartiles of a few draws.
double target_spread(const Laboratory& lab, const Level<double>& one) {
  constexpr std::size_t kDraws = 1000;
  const PointTable draws =
      JudgedLaw(lab.target(), one)
          .draw(kDraws, SampleKeys{lab.request.seed, kReferenceStep}, lab.threads);
  double narrowest = 0;
  std::vector<double> line(draws.rows);
  for (std::size_t j = 0; j < draws.columns; ++j) {
    for (std::size_t i = 0; i < line.size(); ++i) {
      line[i] = draws.values[i * draws.columns + j];
    }
    std::sort(line.begin(), line.end());
    const double spread = (line[line.size() * 3 / 4] - line[line.size() / 4]) / 1.349;
    narrowest = j == 0 ? spread : std::min(narrowest, spread);
  }
  return narrowest;
}

ParticleResult judge(const Laboratory& lab, long steps, const ParticleRun& particles,
                     double resolution) {
  const Level<double> one = lab.sampler.end(steps);
  const JudgedLaw law(lab.target(), one);
  const PointTable exact = law.draw(kReferences * particles.samples.rows,
                                    SampleKeys{lab.request.seed, kReferenceStep}, lab.threads);
  const std::vector<double> log_y = law.log_density(particles.samples, lab.threads);
  const std::vector<double> log_x = law.log_density(exact, lab.threads);
  ParticleResult out;
  out.steps = steps;
  out.likelihood_gap = likelihood_gap(log_y, log_x, lab.level);
  out.event = enclosing_or_chosen_event({particles.samples, log_y}, {exact, log_x});
  out.tv_above = out.event.total_variation(1 - lab.level);
  if (has_fourth_moments(lab.target())) {
    out.moments = moment_gaps(particles.samples, exact, lab.level);
  }
  if (lab.sampler.dim() <= 2) {
    out.variation =
        resolved_variation(particles, lab.target(), one, resolution, lab.level, lab.threads);
  }
  if (!lab.request.at.empty()) {
    out.densities =
        point_densities(particles, lab.target(), one, resolution, lab.request.at, lab.level);
  }
  return out;
}

/// Refuses a scheme that ends without noise where the target has no density: every number here is
/// of log p. The levels of a schedule have noise.
void require_density(const Laboratory& lab) {
  const long steps = lab.request.steps.front();
  if (JudgedLaw(lab.target(), lab.sampler.end(steps)).has_density()) return;
  if (lab.sampler.scheme() == nullptr) {
    throw EngineRefusal(fmt::format(
        "--target {}: level 1 has no noise, so that X_1 = X_0 lies on a sphere and has no density "
        "to hold particles against; let the last level of --schedule have some noise, or give "
        "samples to `lemmabench judge`, which takes a sphere",
        lab.target().label()));
  }
  throw EngineRefusal(fmt::format(
      "--sampler {}: it ends at {}, where --target {} has no density; let its last level be "
      "above 0",
      lab.sampler.sampler_text(), lab.sampler.end_name(steps), lab.target().label()));
}

ParticleOrder order_between(const ParticleReport& report, std::size_t a, std::size_t b) {
  ParticleOrder out{report.results[a].steps, report.results[b].steps, {}, {}};
  for (const std::size_t i : {a, b}) {
    const Quantity& y = rated(report.results[i]);
    if (y.value() < kSignalToFloor * y.error()) {
      out.refusal =
          fmt::format("{:.3g} at T = {} is below {:.3g}, {} times the floor of {} samples",
                      y.value(), report.results[i].steps, kSignalToFloor * y.error(),
                      kSignalToFloor, report.request.samples);
      return out;
    }
  }
  const ScalingModel model = natural_model(report.request.schedule);
  const double ratio = std::log(scale(model, static_cast<double>(out.from)) /
                                scale(model, static_cast<double>(out.to)));
  const Quantity& coarse = rated(report.results[a]);
  const Quantity& fine = rated(report.results[b]);
  const double low = std::log((coarse.value() - coarse.error()) / (fine.value() + fine.error()));
  const double high = std::log((coarse.value() + coarse.error()) / (fine.value() - fine.error()));
  // It holds where both intervals do.
  const double level = std::max(0.0, 2 * report.request.level - 1);
  out.order = Sampled{(low + high) / 2 / ratio, (high - low) / 2 / std::fabs(ratio), level};
  return out;
}

void add_orders(ParticleReport& report) {
  const std::size_t count = report.results.size();
  for (std::size_t i = 0; i + 1 < count; ++i) {
    report.orders.push_back(order_between(report, i, i + 1));
  }
  if (count > 2) {
    report.orders.push_back(order_between(report, 0, count - 1));
  }
}

std::vector<std::string> notes(const Laboratory& lab, const ParticleReport& report) {
  std::vector<std::string> out = lab.sampler.notes();
  const bool scheme = lab.sampler.scheme() != nullptr;
  if (report.dim > 2) {
    out.emplace_back(
        scheme ? "samples bound TV from below only in this dimension; on a Gaussian target "
                 "`lemmabench law` computes it"
               : "samples bound TV from below only in this dimension; `lemmabench certificate` "
                 "bounds it from above, `lemmabench law` computes it where it can");
  }
  for (const long steps : report.request.steps) {
    if (scheme) break;  // its levels are its own
    const Schedule<double> levels(report.request.schedule, steps, StepBound::whole,
                                  EndLevels::closed);
    for (std::string& note : level_notes(levels)) {
      if (std::find(out.begin(), out.end(), note) == out.end()) {
        out.push_back(std::move(note));
      }
    }
  }
  for (const ParticleResult& result : report.results) {
    if (result.variation && !result.variation->complete) {
      out.push_back(fmt::format(
          "TV at resolution {:.4g}: of the laws of {} with noise added up to this deviation of "
          "each particle; at most TV itself",
          result.variation->resolution, scheme ? "the output and X_0 + sigma Z" : "Y_1 and X_1"));
      break;  // it is one for all T
    }
  }
  return out;
}

/// The request with the steps that a scheme has.
ParticleRequest with_steps(ParticleRequest request, const ParticleSampler& sampler) {
  if (const std::optional<long> own = sampler.own_steps()) {
    if (!request.steps.empty()) {
      throw InputError(fmt::format("--sampler {}: a scheme has its own levels; leave --steps out",
                                   request.sampler));
    }
    request.steps = {*own};
  }
  return request;
}

}  // namespace

const Quantity& rated(const ParticleResult& result) {
  return result.variation ? result.variation->tv : result.likelihood_gap;
}

ParticleReport measure_particles(const ParticleRequest& asked, int threads,
                                 const std::function<void(const ParticleRun&)>& take) {
  ParticleSampler sampler(
      {asked.target, asked.sampler, asked.score, asked.schedule, asked.start, asked.scheme});
  const ParticleRequest request = with_steps(asked, sampler);
  check_request(request, static_cast<long>(sampler.dim()));
  const Laboratory lab{request, std::move(sampler), threads};
  require_density(lab);
  ParticleReport out;
  out.request = request;
  out.request.sampler = lab.sampler.sampler_text();
  out.request.score = lab.sampler.score_text();
  out.dim = static_cast<long>(lab.sampler.dim());
  out.ends_at = lab.sampler.end_name(request.steps.front());
  if (const Scheme* scheme = lab.sampler.scheme()) out.model_calls = scheme->calls();
  // In one or two dimensions the resolution is one for all T: all run before any is judged.
  const bool resolved = out.dim <= 2;
  std::vector<std::pair<long, ParticleRun>> waiting;
  double resolution = request.resolution;
  for (const long steps : request.steps) {
    ParticleRun particles = run(lab, steps);
    take(particles);
    if (!resolved) {
      const double width = std::max(request.resolution, particles.last_sd);
      if (!request.at.empty() && width == 0) {
        throw InputError("--at: the last kernel has no noise; --resolution says how much to add");
      }
      out.results.push_back(judge(lab, steps, particles, width));
      continue;
    }
    resolution = std::max(
        resolution, request.resolution > 0
                        ? particles.last_sd
                        : usual_resolution(particles, target_spread(lab, lab.sampler.end(steps))));
    waiting.emplace_back(steps, std::move(particles));
  }
  for (const auto& [steps, particles] : waiting) {
    out.results.push_back(judge(lab, steps, particles, resolution));
  }
  add_orders(out);
  out.notes = notes(lab, out);
  return out;
}

}  // namespace lemmabench
