#include "harness/engines/radial/radial_law.hpp"

#include <fmt/format.h>

#include <array>
#include <cmath>
#include <string>
#include <utility>

#include "cases/sampler_schedule.hpp"
#include "harness/engines/common/decompose.hpp"
#include "harness/engines/common/local_errors.hpp"
#include "harness/engines/radial/radial_numbers.hpp"
#include "numerics/error.hpp"
#include "numerics/mp.hpp"
#include "numerics/parallel.hpp"

namespace lemmabench {
namespace {

constexpr long kQuickDigits = 9;

bool quick(long digits) { return digits > 0 && digits <= kQuickDigits; }

/// 10^-digits over the steps, each of which adds its own errors.
double share_of_step(long steps, long digits) {
  return std::pow(10, static_cast<double>(-digits)) / static_cast<double>(steps);
}

/// Beyond which a Gaussian has a hundredth of the share.
double reach(double share) { return std::sqrt(-2 * std::log(0.01 * share)); }

/// Of the scale's grid, whose error is 1e-14 to this power.
double fineness(long digits) { return static_cast<double>(digits + 3) / 14; }

/// What E|X_0|^2 = infinity makes infinite, or leaves unknown: -log of a law with Gaussian tails is
/// of order |x|^2 far out. Every sampler here has at most linear growth, so started from N(0, I)
/// (and with Gaussian noise after it) its output has such tails; started from p_{X_T} it may have
/// the target's own, unless level T has no signal and p_{X_T} is N(0, I).
void add_infinite(const RadialModel& model, Start start, const LawOptions& options,
                  LawResult& out) {
  const std::string why = "E|X_0|^2 is infinite, so A2 fails, and ";
  const bool from_noise = model.schedule.from_noise();
  if (start == Start::gaussian || from_noise) {
    out.kl_pq = Quantity::infinite(Evidence::computed,
                                   why + "the output started from N(0, I) has Gaussian tails");
  } else {
    out.kl_pq = Quantity::unknown(
        Evidence::computed, why + "nothing is computed of the tails of both laws, which decide it");
  }
  if (options.decomposition) {
    if (start == Start::gaussian && !from_noise) {
      out.parts.initial_kl =
          Quantity::infinite(Evidence::computed, why + "N(0, I) has Gaussian tails");
    }
    if (!model.schedule.to_data()) {
      out.parts.early_stopping_w2_bound =
          Quantity::infinite(Evidence::computed, why + "the bound contains it");
    }
  }
}

/// What an output can be held against at a last level without noise, the law of X_0 itself.
void require_end(const RadialModel& model, const std::string& target) {
  if (!model.schedule.to_data()) {
    return;
  }
  if (model.target.sphere()) {
    throw EngineRefusal(
        "--target " + target +
        ": level 1 has no noise, so that X_1 = X_0 lies on a sphere and has no density: TV and "
        "Hellinger distance are 1 and both KL infinite unless the output lies on it too; let the "
        "last level of --schedule have some noise, or hold samples against the sphere by "
        "`lemmabench judge`");
  }
  if (!model.score.exact() && !model.target.has_fisher_information()) {
    throw EngineRefusal(
        "--score " + model.score.text() +
        ": is relative to the score's root mean square, which is infinite at level 1, without "
        "noise, on this target; let the last level of --schedule have some, or use the exact "
        "score");
  }
}

/// With few digits asked for neither run is near its limit, and they differ by less than they are
/// off: divergences by up to 1.5 times the difference (observed at 3 digits).
void widen_few_digits(const LawNumbers<double>& coarse, LawNumbers<double>& fine) {
  for (const auto divergence : {&LawDistances<double>::kl_pq, &LawDistances<double>::kl_qp}) {
    Estimate<double>& found = fine.distances.*divergence;
    const double change = std::abs(found.value - (coarse.distances.*divergence).value);
    if (std::isfinite(change)) {
      found.error += change;
    }
  }
}

}  // namespace

RadialSettings coarse_radial_settings(long steps, long digits) {
  if (quick(digits)) {
    const double share = share_of_step(steps, digits);
    return {.order = 12,
            .tolerance = 3 * share,
            .negligible = 1e-3 * share,
            .reach = reach(share),
            .ratio = 3.6,
            .step = 0.85,
            .fineness = fineness(digits),
            .steps = steps};
  }
  return {.order = 16,
          .tolerance = 1e-12,
          .negligible = 1e-22,
          .reach = 8.3,
          .ratio = 3.6,
          .step = 0.6,
          .fineness = 1,
          .steps = steps};
}

RadialSettings fine_radial_settings(long steps, long digits) {
  if (quick(digits)) {
    // As for two digits more: the difference of two runs of about one tolerance is no error of
    // either where both have the same panels and the same tails cut off.
    const double share = 0.01 * share_of_step(steps, digits);
    return {.order = 14,
            .tolerance = share,
            .negligible = 3e-4 * share,
            .reach = reach(share) + 0.3,
            .ratio = 4,
            .step = 0.75,
            .fineness = 1.12 * fineness(digits + 2),
            .steps = steps};
  }
  return {.order = 20,
          .tolerance = 1e-14,
          .negligible = 1e-24,
          .reach = 8.8,
          .ratio = 4.2,
          .step = 0.5,
          .fineness = 1.2,
          .steps = steps};
}

LawResult compute_radial_law(const RadialLaw& target, const Sampler& sampler,
                             const ScoreEstimate& score, const LawRequest& request,
                             const LawOptions& options) {
  if (request.digits < 0 || request.digits > 15) {
    throw InputError(fmt::format("--digits {}: the radial law runs in double and takes 0 to 15",
                                 request.digits));
  }
  require_local_errors(sampler, options.local_errors);
  const RadialModel model{
      target, schedule_for<Mp40>(sampler, request.schedule, request.steps, EndLevels::closed),
      sampler, score};
  require_end(model, request.target);
  const Start start = start_of(model.schedule, request.start);
  RadialModel other = model;
  other.rounded_anew = true;
  const std::array<RadialSettings, 2> settings{
      fine_radial_settings(request.steps, request.digits),
      coarse_radial_settings(request.steps, request.digits)};
  auto runs = parallel_map(2, options.threads, [&](std::size_t i) {
    return compute_radial_numbers(i == 0 ? model : other, start, options, settings[i]);
  });
  if (request.digits > 0) {
    widen_few_digits(runs[1], runs[0]);
  }
  LawResult out;
  out.engine = "radial";
  out.arithmetic = "double";
  out.dim = target.dim();
  judge_runs(runs[1], runs[0], out);
  if (!std::isfinite(model.marginal(1, 1)->second_moment())) {
    add_infinite(model, request.start, options, out);
  }
  return out;
}

}  // namespace lemmabench
