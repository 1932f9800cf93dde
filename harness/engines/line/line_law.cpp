#include "harness/engines/line/line_law.hpp"

#include <fmt/format.h>

#include <cmath>
#include <utility>

#include "cases/sampler_schedule.hpp"
#include "harness/engines/common/local_errors.hpp"
#include "harness/engines/common/two_runs.hpp"
#include "harness/engines/line/line_numbers.hpp"
#include "numerics/error.hpp"
#include "numerics/mp.hpp"
#include "numerics/parallel.hpp"

namespace lemmabench {
namespace {

template <class Real>
void compute(const CoordinateLaw& target, const Sampler& sampler, const ScoreEstimate& score,
             const LawRequest& request, const LawOptions& options, LawResult& out) {
  const LineModel<Real> model = line_model<Real>(target, sampler, score, request);
  LineModel<Real> other = model;
  other.schedule = rounded_anew(model.schedule);
  LineSettings settings[] = {fine_line_settings(request.digits),
                             coarse_line_settings(request.digits)};
  for (LineSettings& each : settings) {
    each.finer_by_digits = std::is_same_v<Real, double>;
  }
  auto runs = parallel_map(2, options.threads, [&](std::size_t i) {
    return compute_line_numbers<Real>(i == 0 ? model : other, request.start, options, settings[i]);
  });
  judge_runs(runs[1], runs[0], out);
}

/// A Gaussian on a panel 3 deviations wide is resolved to 10^-D by about 1.7 D nodes: fewer nodes
/// on narrower panels are more in all.
LineSettings mp_settings(long digits, long spare) {
  const double tolerance = std::pow(10.0, static_cast<double>(-digits - spare));
  return {.order = static_cast<int>(3 * digits / 2 + 4 * spare),
          .tolerance = tolerance,
          .relative = 0.1 * tolerance,
          .negligible = 3e-3 * tolerance,
          .copies = static_cast<int>(digits / 2 + spare),
          .extra_hermite = spare > 2 ? 1 : 0};
}

}  // namespace

template <class Real>
LineModel<Real> line_model(const CoordinateLaw& target, const Sampler& sampler,
                           const ScoreEstimate& score, const LawRequest& request) {
  std::vector<typename LineMixture<Real>::Component> components;
  for (const CoordinateLaw::Component& component : target.components) {
    components.push_back({from_rational<Real>(component.weight),
                          from_rational<Real>(component.mean),
                          from_rational<Real>(component.variance)});
  }
  return {LineMixture<Real>(std::move(components)),
          schedule_for<Real>(sampler, request.schedule, request.steps, EndLevels::closed), sampler,
          score};
}

LineSettings coarse_line_settings(long digits) {
  if (digits > 15) {
    return mp_settings(digits, 2);
  }
  return {.order = 16,
          .tolerance = 1e-12,
          .relative = 1e-14,
          .negligible = 3e-15,
          .copies = 6,
          .extra_hermite = 0};
}

LineSettings fine_line_settings(long digits) {
  if (digits > 15) {
    return mp_settings(digits, 4);
  }
  return {.order = 20,
          .tolerance = 3e-14,
          .relative = 1e-14,
          .negligible = 1e-16,
          .copies = 8,
          .extra_hermite = 1};
}

CoordinateLaw as_mixture(const GaussianLaw& target) {
  if (target.dim() != 1) {
    throw EngineRefusal(fmt::format(
        "--target gaussian: the line law is one-dimensional, this target has dim {}; use the "
        "Gaussian law",
        target.dim()));
  }
  const CoordinateLaw& block = target.coordinates.front();
  return gaussian_block(block.variance(), block.mean());
}

LawResult compute_line_law(const CoordinateLaw& target, const Sampler& sampler,
                           const ScoreEstimate& score, const LawRequest& request,
                           const LawOptions& options) {
  if (request.digits < 0 || request.digits > kMaxLineDigits) {
    throw InputError(fmt::format("--digits {}: the line law takes 0 (its default) to {}",
                                 request.digits, kMaxLineDigits));
  }
  require_local_errors(sampler, options.local_errors);
  LawResult out;
  out.engine = "line";
  out.dim = 1;
  if (request.digits <= 15) {
    out.arithmetic = "double";
    compute<double>(target, sampler, score, request, options, out);
  } else if (request.digits <= 30) {
    out.arithmetic = "mp, 40 digits";
    compute<Mp40>(target, sampler, score, request, options, out);
  } else {
    out.arithmetic = "mp, 80 digits";
    compute<Mp80>(target, sampler, score, request, options, out);
  }
  return out;
}

#define LEMMABENCH_INSTANTIATE(Real)                                              \
  template LineModel<Real> line_model<Real>(const CoordinateLaw&, const Sampler&, \
                                            const ScoreEstimate&, const LawRequest&);
LEMMABENCH_FOR_EACH_FLOAT(LEMMABENCH_INSTANTIATE)
#undef LEMMABENCH_INSTANTIATE

}  // namespace lemmabench
