#include <doctest/doctest.h>

#include <string>

#include "harness/studies/claims/exact_laboratory.hpp"
#include "numerics/ball_functions.hpp"
#include "theory/claims/radial_step_defect.hpp"
#include "theory/claims/step_defect.hpp"

/// One step of the samplers on finite scale mixtures (theory/claims/radial_step_defect.hpp).
namespace lemmabench {
namespace {

/// 1/2 N(0, 0.05 I) + 1/2 N(0, I) in R^d, and in d = 1 as a mixture on the line.
ScaleMixtureLaw two_scales(long dim) {
  return {dim, {{Rational(1, 2), Rational(1, 20)}, {Rational(1, 2), Rational(1)}}};
}
CoordinateLaw on_the_line() {
  return {
      {{Rational(1, 2), Rational(0), Rational(1, 20)}, {Rational(1, 2), Rational(0), Rational(1)}},
      1};
}

struct Step {
  ExactLaboratory laboratory;
  Schedule<Ball> schedule{LiCaiSchedule{}, 192};

  StepLevels levels(int t) const { return step_levels(schedule, t); }
};

}  // namespace

TEST_CASE("in d = 1 the defect along the ray is that of the mixture on the line") {
  const PrecisionScope scope(128);
  Step step;
  const ScaleMixtureLaw law = two_scales(1);
  const CoordinateLaw line = on_the_line();
  for (const char* name : {"li-cai", "li-cai-momentum", "ddpm"}) {
    const SteppedSampler sampler{step.laboratory, name};
    for (const int t : {192, 160, 140}) {
      CAPTURE(name);
      CAPTURE(t);
      const StepLevels levels = step.levels(t);
      const RadialStepDefect found(law, levels, sampler);
      const StepDefect expected(line, levels, sampler);
      for (const Rational& r : {Rational(1, 4), Rational(3, 4), Rational(2)}) {
        const Ball a = found(Ball(r));
        const Ball b = expected(Ball(r));
        CHECK(a.overlaps(b));
        // The flow is known to 1e-17.
        CHECK((a - b).magnitude_upper().to_double() < 1e-15);
        CHECK(abs(b).to_double() > 1e-9);
      }
    }
  }
}

TEST_CASE("a box of radii covers the defects at its points, in sixteen dimensions") {
  const PrecisionScope scope(128);
  Step step;
  const ScaleMixtureLaw law = two_scales(16);
  const StepLevels levels = step.levels(130);
  const SteppedSampler sampler{step.laboratory, "li-cai"};
  const RadialStepDefect defect(law, levels, sampler);
  for (const Rational& middle : {Rational(1, 8), Rational(1), Rational(2), Rational(5)}) {
    for (const Rational& half : {Rational(1, 8), Rational(1, 100)}) {
      const Ball box = Ball::around(Ball(middle), Ball(half));
      const Ball all = defect(box);
      for (int i = -4; i <= 4; ++i) {
        const Ball point = (Ball(middle) + Ball(half * Rational(i, 4))).midpoint();
        CHECK(all.overlaps(defect(point)));
      }
    }
  }
  // A narrow box knows its defect sharply: the sampler and the flow are not bounded apart.
  const Ball narrow = defect(Ball::around(Ball(2), Ball(Rational(1, 4096))));
  CHECK(narrow.radius().to_double() < 0.05 * abs(narrow).to_double());
}

}  // namespace lemmabench
