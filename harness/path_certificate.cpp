#include "harness/path_certificate.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <utility>
#include <variant>

#include "cases/sampler.hpp"
#include "cases/target.hpp"
#include "cases/vector_law.hpp"
#include "harness/parallel.hpp"
#include "harness/path_estimate.hpp"
#include "numerics/error.hpp"
#include "numerics/log_functions.hpp"
#include "theory/initial_divergence.hpp"

namespace lemmabench {
namespace {

constexpr long kBits = 128;
constexpr double kInitialSamples = 1 << 22;

void check_request(const CertificateRequest& request) {
  if (!(request.relative_error >= 1e-6 && request.relative_error <= 0.5)) {
    throw InputError(
        fmt::format("--relative-error {}: must be from 1e-6 to 0.5", request.relative_error));
  }
  if (!(request.level >= 0.5 && request.level <= 0.999999)) {
    throw InputError(fmt::format("--level {}: must be from 0.5 to 0.999999", request.level));
  }
}

/// KL(N(0, w) + mean || N(0, I)) = sum_i (q - log(1 + q) + abar mean^2)/2 with q = abar (v - 1).
Quantity gaussian_initial(const GaussianTarget& target, const CertificateRequest& request) {
  const PrecisionScope scope(kBits);
  const Schedule<Ball> schedule(request.schedule, request.steps);
  const Ball& abar = schedule.level(schedule.steps()).abar;
  Ball sum(0);
  for (const GaussianTarget::Block& block : target.blocks) {
    const Ball mean(block.mean);
    const Ball one = abar * mean * mean - log1p_minus(Ball(abar * (Ball(block.variance) - 1)));
    sum += one * static_cast<int>(block.multiplicity) / 2;
  }
  return Proved{sum};
}

/// Samples of log r + 1/r - 1 until their half width is below `error` relative to their mean or
/// absolutely to `scale`, or there are kInitialSamples.
RunningMoments sampled_initial(const PathStep::Setting& setting, const CertificateRequest& request,
                               double scale, int threads) {
  const int last = setting.schedule.steps();
  const Level<double>& level = setting.schedule.level(last);
  const InitialDivergence divergence(setting.clean, level);
  const std::size_t groups = path_block_groups(setting.clean.dim());
  const std::size_t dim = setting.clean.dim();
  // Step T+1 is the certificate's first term; its samples are those of no step.
  const auto block = [&](std::size_t b) {
    std::vector<Lanes> x = sample_path(setting.clean, level.noise / level.abar, setting.seed,
                                       last + 1, b * groups * kLanes, groups);
    for (Lanes& value : x) {
      value.v *= std::sqrt(level.abar);
    }
    RunningMoments out;
    for (std::size_t s = 0; s < groups * kLanes; ++s) {
      out.add(divergence.summand(&x[s / kLanes * dim], s % kLanes));
    }
    return out;
  };
  RunningMoments all;
  std::size_t blocks = 0;
  std::size_t more = 1024 / (groups * kLanes);
  do {
    for (const RunningMoments& part :
         parallel_map(more, threads, [&](std::size_t b) { return block(blocks + b); })) {
      all.add(part);
    }
    blocks += more;
    more = blocks;
  } while (half_width({all}, request.level) > request.relative_error * (all.mean + scale) / 2 &&
           all.count < kInitialSamples);
  return all;
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

void fill_summands(const std::vector<SummandEstimate>& estimates, PathCertificate& out) {
  std::vector<RunningMoments> parts;
  double sum = 0;
  const double level = out.request.level;
  for (const SummandEstimate& e : estimates) {
    const double bias = e.flow_bias();
    parts.push_back(e.summand);
    sum += e.summand.mean;
    out.flow_error += bias;
    out.samples += static_cast<long>(e.samples);
    out.score_calls += e.score_calls;
    out.summands.push_back(
        {.t = e.t,
         .value = Sampled{e.summand.mean, half_width({e.summand}, level) + bias, level},
         .samples = static_cast<long>(e.samples),
         .substeps = e.substeps,
         .flow_error = bias});
  }
  out.path_kl = Sampled{sum, half_width(parts, level) + out.flow_error, level};
}

}  // namespace

PathCertificate certify_path(const CertificateRequest& request, int threads) {
  check_request(request);
  const Target target = make_target(request.target, "--target");
  const auto sampler = make_sampler(request.sampler, "--sampler");
  if (!sampler->info().path_kernel) {
    throw EngineRefusal(
        fmt::format("--sampler {}: the path certificate takes samplers whose step is one kernel "
                    "y -> N(Psi(y)/sqrt(alpha), b/alpha), such as ddpm and li-cai",
                    sampler->text()));
  }
  const VectorMixture clean = vector_law(target);
  const Schedule<double> schedule(request.schedule, request.steps);
  const PathStep::Setting setting{clean, *sampler, schedule, request.seed};
  PathCertificate out;
  out.request = request;
  out.request.sampler = sampler->text();
  out.dim = target.dim();
  fill_summands(estimate_path(setting,
                              {.relative_error = request.relative_error,
                               .level = request.level,
                               .max_samples = request.max_samples},
                              threads),
                out);
  double initial_error = 0;
  if (const auto* gaussian = std::get_if<GaussianTarget>(&target.law)) {
    out.initial_kl = gaussian_initial(*gaussian, request);
  } else {
    const RunningMoments initial = sampled_initial(setting, request, out.path_kl.value(), threads);
    initial_error = half_width({initial}, request.level);
    out.initial_kl = Sampled{initial.mean, initial_error, request.level};
  }
  // Independent samples: the variances add; the flow's error does not shrink with them.
  const double path_error = out.path_kl.error() - out.flow_error;
  out.kl = Sampled{out.path_kl.value() + out.initial_kl.value(),
                   std::hypot(path_error, initial_error) + out.flow_error, request.level};
  out.tv = total_variation_bound(out.kl, request.level);
  out.notes = notes(request, *sampler);
  return out;
}

}  // namespace lemmabench
