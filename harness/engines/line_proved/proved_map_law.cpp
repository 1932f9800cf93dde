#include "harness/engines/line_proved/proved_map_law.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "cases/sampler_schedule.hpp"
#include "cases/step_facts.hpp"
#include "harness/engines/line_proved/map_distance.hpp"
#include "harness/engines/line_proved/proved_answer.hpp"
#include "harness/engines/line_proved/proved_distance.hpp"
#include "harness/engines/line_proved/rounded_law.hpp"
#include "numerics/ball_functions.hpp"
#include "numerics/error.hpp"

namespace lemmabench {
namespace {

/// A chart of a step with one score call, and a component of the score.
constexpr double kSecondsAChart = 2e-5;
constexpr double kUsualCharts = 1000;
constexpr long kMostCharts = 100'000;

/// A step widens a ball by up to |1 + b |s'|/2|, together 1/sqrt(noise of level 1) and what the
/// modes make of it, while the number itself is contracted: bits for that, and some to spare. Too
/// few would only make the answer wider.
long bits_for(const Schedule<Ball>& schedule) {
  return 128 + static_cast<long>(std::ceil(-std::log2(schedule.level(1).noise.to_double())));
}

/// What the charts would take, before any of it is done. Only a guess decides here.
void require_affordable(const CoordinateLaw& law, const Schedule<Ball>& schedule, int score_calls) {
  const double seconds = kSecondsAChart * kUsualCharts * schedule.steps() *
                         std::max(score_calls, 1) * static_cast<double>(law.components.size());
  if (!(seconds <= kMostProvedSeconds)) {
    throw EngineRefusal(
        fmt::format("--arithmetic ball: {} steps would take about {:.2g} h of one core, and the "
                    "limit is {:.0f} "
                    "min; fewer steps take less, and without --arithmetic the law is computed",
                    schedule.steps() - 1, seconds / 3600, kMostProvedSeconds / 60));
  }
}

}  // namespace

LawResult compute_proved_map_law(const CoordinateLaw& law, const Sampler& sampler,
                                 const LawRequest& request, const LawOptions& options) {
  if (options.certificate != nullptr) {
    throw EngineRefusal(
        "--certificate: is written of samplers that add noise, whose law is followed step by step; "
        "leave it out");
  }
  const double width = request.arithmetic.width().to_double();
  const PrecisionScope level_scope(kLevelBits);
  const Schedule<Ball> coarse =
      schedule_for<Ball>(sampler, request.schedule, request.steps, EndLevels::open);
  const int score_calls = observe_steps(sampler).score_calls;
  require_affordable(law, coarse, score_calls);
  const long bits = bits_for(coarse);
  const PrecisionScope scope(bits);
  const Schedule<Ball> schedule =
      schedule_for<Ball>(sampler, request.schedule, request.steps, EndLevels::open);
  const BallMixture<> end(law, schedule.level(1));
  const BallMixture<> noised(law, schedule.level(schedule.steps()));
  const CoordinateLaw standard{{{Rational(1), Rational(0), Rational(1)}}, 1};
  const BallMixture<> normal(standard, Ball(1), Ball(0));

  const bool from_normal = request.start == Start::gaussian;
  std::vector<BallMixture<>> starts;
  starts.push_back(from_normal ? normal : noised);
  if (options.decomposition && from_normal) {
    starts.push_back(noised);
  }
  const ComposedMap map(law, schedule, sampler);
  const std::vector<MapDistance> found =
      map_distances(map, end, starts, width / 8, bits, options.threads, kMostCharts);

  LawResult out = proved_answer(
      fmt::format("Taylor polynomials of the map that all steps are, balls of {} bits", bits),
      score_calls * (schedule.steps() - 1L));
  out.tv = Proved{found.front().total_variation};
  out.hellinger = Proved{found.front().hellinger};
  if (options.decomposition) {
    const Quantity none = Proved{Ball(0)};
    out.parts.score = none;
    out.parts.eps_score = none;
    out.parts.initialisation = none;
    out.parts.initial_tv = none;
    if (from_normal) {
      // P17: a map that increases keeps total variations, and where it was not shown to there is
      // `start_outside` of either start.
      const Ball initial = total_variation_of(rounded_law(noised), standard_normal(), width / 8);
      out.parts.initial_tv = Proved{initial};
      out.parts.initialisation = Proved{
          Ball::hull(lower_end(initial - found.front().start_outside - found.back().start_outside),
                     upper_end(initial))};
    }
    out.parts.discretisation = Proved{found.back().total_variation};
    out.parts.early_stopping_w2_bound = proved_early_stopping_bound(law, schedule);
  }
  note_missed_width(out, width);
  return out;
}

}  // namespace lemmabench
