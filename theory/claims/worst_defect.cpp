#include "theory/claims/worst_defect.hpp"

#include <algorithm>
#include <map>
#include <memory>

#include "numerics/ball_functions.hpp"
#include "theory/claims/radial_step_defect.hpp"
#include "theory/claims/typicality.hpp"

namespace lemmabench {

Ball StepQuestion::bound(const StepLevels& levels, long dim) const {
  const Ball ratio = Ball(dim) * log(Ball(levels.steps)) / levels.noise;
  return pow(levels.b * ratio, Ball(order)) / sqrt(ratio);
}

void gaussian_defects(const StepQuestion& ask, const ProductLaw& law,
                      const std::vector<long>& copies, long steps, const DefectRecord& record) {
  const Schedule<Ball> schedule(LiCaiSchedule{}, steps);
  // Every t up to T = 256, then 256 of them.
  const int stride = std::max(1, static_cast<int>(steps / 256));
  for (int t = schedule.steps(); t >= 2; t -= stride) {
    const StepLevels levels = step_levels(schedule, t);
    Ball largest(0);
    for (const CoordinateLaw& coordinate : law.coordinates) {
      const StepDefect defect(coordinate, levels, ask.sampler);
      largest = larger(largest, abs(defect.per_deviation()));
    }
    for (const long each : copies) {
      const long dim = law.dim() * each;
      const Ball typical = ask.theta * Ball(dim) * log(Ball(steps));
      const TypicalEllipsoid set(law, schedule.level(t), typical, each);
      if (!set.empty()) {
        record({largest * sqrt(set.radius_squared()) / ask.bound(levels, dim),
                dim,
                {.steps = steps, .t = t, .detail = ask.sampler.name}});
      }
    }
  }
}

namespace {

/// What the supremum needs of one level: of a mixture on the line (StepDefect, TypicalMixture) or
/// of a scale mixture (RadialStepDefect, TypicalBall).
template <class Defect, class Set>
struct LevelDefect {
  StepLevels levels;
  Defect defect;
  Set typical;
  Ball bound;

  template <class Law>
  LevelDefect(const StepQuestion& ask, const Law& law, long dim, const Schedule<Ball>& schedule,
              int t)
      : levels(step_levels(schedule, t)),
        defect(law, levels, ask.sampler),
        typical(law, schedule.level(t), ask.theta * Ball(dim) * log(Ball(schedule.steps()))),
        bound(ask.bound(levels, dim)) {}
  LevelDefect(const LevelDefect&) = delete;
  LevelDefect& operator=(const LevelDefect&) = delete;

  SupremumValue operator()(const Ball& box) const {
    const Truth inside = typical.contains(box);
    return {inside, inside == Truth::certainly_not ? Ball(0) : abs(defect(box)) / bound};
  }
};

template <class Defect, class Set, class Law>
void pointwise_defects(const StepQuestion& ask, const Law& law, long dim, long steps,
                       const SupremumGoal& goal, const DefectRecord& record) {
  // The supremum is wanted to percents: two words a number are enough, and a third faster.
  const PrecisionScope scope(PrecisionScope::bits() * 2 / 3);
  const Schedule<Ball> schedule(LiCaiSchedule{}, steps);
  std::vector<std::unique_ptr<LevelDefect<Defect, Set>>> levels;
  std::vector<SupremumCell> cells;
  for (const int t : chosen_levels(schedule, ask.gap, ask.from)) {
    levels.push_back(std::make_unique<LevelDefect<Defect, Set>>(ask, law, dim, schedule, t));
    for (const Ball& box : levels.back()->typical.boxes(24)) {
      cells.push_back({static_cast<long>(levels.size()) - 1, box});
    }
  }
  const auto on_box = [&](long i, const Ball& box) {
    return (*levels[static_cast<std::size_t>(i)])(box);
  };
  const Supremum found = supremum(cells, on_box, goal);
  const int t = levels[static_cast<std::size_t>(found.where.label)]->levels.t;
  record({found.enclosure(),
          dim,
          {.steps = steps, .t = t, .x = found.where.box, .detail = ask.sampler.name},
          static_cast<long>(levels.size()),
          found.used_up});
}

/// One kind of coordinate at one level.
struct CoordinateDefect {
  StepLevels levels;
  StepDefect defect;
  Ball bound;

  CoordinateDefect(const StepQuestion& ask, const CoordinateLaw& law, long dim,
                   const Schedule<Ball>& schedule, int t)
      : levels(step_levels(schedule, t)),
        defect(law, levels, ask.sampler),
        bound(ask.bound(levels, dim)) {}
  CoordinateDefect(const CoordinateDefect&) = delete;
  CoordinateDefect& operator=(const CoordinateDefect&) = delete;
};

}  // namespace

void line_defects(const StepQuestion& ask, const CoordinateLaw& law, long steps,
                  const SupremumGoal& goal, const DefectRecord& record) {
  pointwise_defects<StepDefect, TypicalMixture>(ask, law, 1, steps, goal, record);
}

void scale_mixture_defects(const StepQuestion& ask, const ScaleMixtureLaw& law, long steps,
                           const SupremumGoal& goal, const DefectRecord& record) {
  pointwise_defects<RadialStepDefect, TypicalBall>(ask, law, law.dim, steps, goal, record);
}

void product_defects(const StepQuestion& ask, const ProductLaw& law, long copies, long steps,
                     const SupremumGoal& goal, const DefectRecord& record) {
  const PrecisionScope scope(PrecisionScope::bits() * 2 / 3);
  const Schedule<Ball> schedule(LiCaiSchedule{}, steps);
  const std::vector<int> chosen = chosen_levels(schedule, ask.gap, ask.from);
  const ProductLevels levels(ask.theta, law, copies, steps, {chosen.begin(), chosen.end()});
  std::map<const TypicalMixture*, std::unique_ptr<CoordinateDefect>> of_set;
  for (std::size_t i = 0; i < levels.size(); ++i) {
    for (std::size_t k = 0; k < levels[i].kinds(); ++k) {
      of_set[&levels[i].reach(k)] = std::make_unique<CoordinateDefect>(
          ask, levels.law().coordinates[k], levels.dim(), schedule, chosen[i]);
    }
  }
  // Lagrange's bound leaves more open than a finer search would gain.
  const SupremumGoal coarse{.tolerance = std::max(goal.tolerance, 1.0 / 16),
                            .evaluations = goal.evaluations};
  const Supremum found = levels.supremum_of(
      Combined::norm,
      [&](const TypicalMixture& set, const Ball& box) {
        const CoordinateDefect& at = *of_set.at(&set);
        return abs(at.defect(box)) / at.bound;
      },
      coarse);
  Place place = levels.place(found);
  place.detail = ask.sampler.name;
  record({found.enclosure(), levels.dim(), place, static_cast<long>(levels.size()), found.used_up});
}

}  // namespace lemmabench
