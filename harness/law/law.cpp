#include "harness/law/law.hpp"

#include <fmt/format.h>

#include <memory>
#include <string>
#include <utility>
#include <variant>

#include "cases/sampler.hpp"
#include "cases/sampler_schedule.hpp"
#include "cases/schemes/scheme_name.hpp"
#include "cases/score_estimate.hpp"
#include "cases/target.hpp"
#include "harness/engines/common/informative.hpp"
#include "harness/engines/gaussian/gaussian_law.hpp"
#include "harness/engines/line/line_law.hpp"
#include "harness/engines/line_proved/proved_law.hpp"
#include "harness/engines/plane/plane_law.hpp"
#include "harness/engines/product/product_cloud.hpp"
#include "harness/engines/product/product_law.hpp"
#include "harness/engines/product/product_parts.hpp"
#include "harness/engines/radial/radial_law.hpp"
#include "harness/engines/scheme/sampler_scheme.hpp"
#include "harness/engines/scheme/scheme_law.hpp"
#include "harness/law/averaged_law.hpp"
#include "harness/monte_carlo/certificate/certificate_law.hpp"
#include "harness/plugin/guarded_law.hpp"
#include "harness/records/scheme_file.hpp"
#include "numerics/error.hpp"

namespace lemmabench {
namespace {

/// What a reader must know to not read too much into the numbers.
std::vector<std::string> notes(const Sampler& sampler, const LawRequest& request) {
  std::vector<std::string> out;
  if (sampler.info().tag == "reconstructed") {
    out.push_back(std::string(sampler.info().id) +
                  " is a reconstruction: " + std::string(sampler.info().source));
  }
  const auto* li_cai = std::get_if<LiCaiSchedule>(&request.schedule);
  if (li_cai != nullptr && li_cai->c1 <= Rational(4) * li_cai->c0) {
    out.push_back("c1/c0 > 4 does not hold for " + text(request.schedule) +
                  ": the theorems of Li & Cai do not speak of this schedule");
  }
  const Schedule<double> levels(request.schedule, request.steps, StepBound::whole,
                                EndLevels::closed);
  for (std::string& note : level_notes(levels)) {
    out.push_back(std::move(note));
  }
  return out;
}

/// On the line noise leaves a density that steps carry on, and memory a map of the start that all
/// steps together are; where there is both, the coefficients of the whole run say what depends on
/// what.
LawResult law_on_line(const CoordinateLaw& target, const Sampler& sampler,
                      const ScoreEstimate& score, const LawRequest& request,
                      const LawOptions& options) {
  const SamplerInfo& info = sampler.info();
  return info.memory && !info.deterministic
             ? noisy_memory_line_law(target, sampler, score, request, options)
             : compute_line_law(target, sampler, score, request, options);
}

LawResult dispatch(const Target& target, const Sampler& sampler, const ScoreEstimate& score,
                   const LawRequest& request, const LawOptions& options) {
  if (const auto* gaussian = std::get_if<GaussianLaw>(&target.law)) {
    if (options.certificate != nullptr) {
      throw InputError("--certificate: is written of a proved law of a mixture, and " +
                       target.label() + " is a Gaussian, whose law is proved without one");
    }
    return compute_gaussian_law(*gaussian, sampler, score, request, options);
  }
  if (request.arithmetic.has_width()) {
    if (const auto* mixture = std::get_if<CoordinateLaw>(&target.law)) {
      return compute_proved_line_law(*mixture, sampler, score, request, options);
    }
    throw EngineRefusal("--target " + target.label() +
                        ": proved laws are those of Gaussians and of mixtures on the line; without "
                        "--arithmetic and --width this one is computed");
  }
  if (const auto* radial = std::get_if<RadialLaw>(&target.law)) {
    return compute_radial_law(*radial, sampler, score, request, options);
  }
  if (const auto* product = std::get_if<ProductLaw>(&target.law)) {
    if (product->dim() == 1) {
      return law_on_line(product->coordinates.front(), sampler, score, request, options);
    }
    return compute_product_law(parts_of(*product), sampler, score, request, options);
  }
  if (const auto* cloud = std::get_if<CloudTarget>(&target.law)) {
    if (const auto product = collinear_product(*cloud)) {
      return compute_product_law(*product, sampler, score, request, options);
    }
    if (const auto plane = planar_cloud(*cloud)) {
      return compute_plane_law(*plane, sampler, score, request, options);
    }
    throw EngineRefusal("--target " + target.label() +
                        ": an exact law takes equal isotropic covariances and centres in one "
                        "plane; `lemmabench certificate` bounds any cloud");
  }
  return law_on_line(std::get<CoordinateLaw>(target.law), sampler, score, request, options);
}

LawResult law_of_scheme(const LawRequest& request, const LawOptions& options) {
  if (request.arithmetic.is_certificate()) {
    throw EngineRefusal(
        "--arithmetic certificate: a scheme is not made of kernels from one level to the next; "
        "leave --arithmetic out for its exact law");
  }
  if (request.arithmetic.has_width()) {
    throw EngineRefusal("--width: a scheme has no proved law on a mixture; leave it out");
  }
  const SchemeFile file = open_scheme(request.sampler, "--sampler");
  LawResult result = informative(
      compute_scheme_law(file.scheme, make_target(request.target, "--target"), request, options));
  result.request = request;
  result.request.steps = file.steps();
  return result;
}

}  // namespace

LawResult compute_law(const LawRequest& request, const LawOptions& options) {
  if (options.certificate != nullptr && !request.arithmetic.has_width()) {
    throw InputError(
        "--certificate: is written of a proved law of a mixture; ask for one by --arithmetic ball "
        "--width 1e-8");
  }
  if (needs_guard(request.sampler, options.guard)) {
    return guarded_law(request, options);
  }
  if (names_scheme(request.sampler)) {
    return law_of_scheme(request, options);
  }
  const Target target = make_target(request.target, "--target");
  const auto sampler = make_sampler(request.sampler, "--sampler");
  const auto score = make_score(request.score, "--score");
  if (request.arithmetic.is_certificate()) {
    return certificate_law(request, options);
  }
  if (const std::vector<std::string> draws = sampler->draws(); !draws.empty()) {
    if (request.arithmetic.has_width()) {
      throw EngineRefusal("--sampler " + request.sampler +
                          ": the average over random times is computed, not proved; leave "
                          "--arithmetic and --width out");
    }
    LawResult result = informative(averaged_law(request, draws, options));
    result.request = request;
    return result;
  }
  LawResult result = informative(dispatch(target, *sampler, *score, request, options));
  result.request = request;
  for (std::string& note : notes(*sampler, request)) {
    result.notes.push_back(std::move(note));
  }
  return result;
}

}  // namespace lemmabench
