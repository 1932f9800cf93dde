#include "harness/engines/plane/plane_law.hpp"

#include <fmt/format.h>

#include <cmath>
#include <utility>

#include "cases/sampler_schedule.hpp"
#include "harness/engines/common/cloud_frame.hpp"
#include "harness/engines/common/decompose.hpp"
#include "harness/engines/common/two_runs.hpp"
#include "numerics/error.hpp"
#include "numerics/mp.hpp"
#include "numerics/parallel.hpp"

namespace lemmabench {
namespace {

PlaneSettings fine_settings() { return {}; }

PlaneSettings coarse_settings() {
  return {.spacing = 0.17, .order = 18, .reach = 7.5, .negligible = 1e-15, .refinements = 4};
}

void require_supported(const ScoreEstimate& score, const LawRequest& request,
                       const LawOptions& options) {
  if (request.digits < 0 || request.digits > 15) {
    throw InputError(
        fmt::format("--digits {}: the plane law runs in double and takes 0 to 15", request.digits));
  }
  if (!score.exact()) {
    throw EngineRefusal("--score " + score.text() +
                        ": the plane law takes the exact score; an estimate is scaled by all "
                        "coordinates together");
  }
  if (options.local_errors) {
    throw EngineRefusal("the plane law has no local errors; those of a line do");
  }
}

/// Centres farther apart than this make grids of millions of points.
void require_size(const PlaneMixture& plane) {
  constexpr std::size_t kMostPoints = 4000000;
  const PlaneGrid grid = grid_of(plane, fine_settings());
  if (grid.size() > kMostPoints) {
    throw EngineRefusal(fmt::format(
        "the centres are too far apart for a grid of {} points at a seventh of their deviation "
        "{:.3g}; `lemmabench certificate` bounds any cloud",
        kMostPoints, std::sqrt(plane.variance())));
  }
}

/// W2^2 <= (1 - sqrt(abar_1))^2 E|X_0|^2 + (1 - abar_1) d: the coupling through X_0 itself.
double early_stopping_bound(const PlaneTarget& target, const PlaneModel& model) {
  double second = target.plane.second_moment();
  for (const CoordinateLaw& block : target.gaussian.coordinates) {
    const double mean = block.mean().to_double();
    second +=
        static_cast<double>(block.multiplicity) * (block.variance().to_double() + mean * mean);
  }
  const Level<double>& last = model.schedule.level(1);
  const double lost = last.noise / (1 + std::sqrt(last.abar));
  return std::sqrt(lost * lost * second + last.noise * static_cast<double>(model.dim));
}

}  // namespace

std::optional<PlaneTarget> planar_cloud(const CloudTarget& target) {
  std::optional<CloudFrame> frame = frame_of(target, 2);
  if (!frame || frame->dimensions != 2) {
    return std::nullopt;
  }
  std::vector<PlaneMixture::Component> components;
  for (std::size_t k = 0; k < frame->weights.size(); ++k) {
    components.push_back({frame->weights[k], frame->centres[k][0], frame->centres[k][1]});
  }
  return PlaneTarget{PlaneMixture(std::move(components), frame->variance),
                     std::move(frame->gaussian)};
}

LawResult compute_plane_law(const PlaneTarget& target, const Sampler& sampler,
                            const ScoreEstimate& score, const LawRequest& request,
                            const LawOptions& options) {
  require_supported(score, request, options);
  require_size(target.plane);
  const long dim = 2 + target.gaussian.dim();
  const PlaneModel model{
      target.plane,
      schedule_for<double>(sampler, request.schedule, request.steps, EndLevels::closed), sampler,
      dim};
  LawRequest asked = request;
  asked.start = start_of(model.schedule, request.start);
  PlaneModel other = model;
  other.schedule = rounded_anew(model.schedule);
  const ProductParts rest{.factors = {}, .gaussian = target.gaussian};
  const ProductModel others{rest, sampler, score, asked, options.decomposition, dim};
  const PlaneSettings settings[] = {fine_settings(), coarse_settings()};
  auto runs = parallel_map(2, options.threads, [&](std::size_t i) {
    return compute_plane_numbers(
        i == 0 ? model : other,
        i == 0 ? carry_gaussian<Mp40>(others) : carry_gaussian<double>(others), asked, options,
        early_stopping_bound(target, model), settings[i]);
  });
  LawResult out;
  judge_runs(runs[1], runs[0], out);
  out.engine = "plane";
  out.arithmetic = "double";
  out.dim = dim;
  return out;
}

}  // namespace lemmabench
