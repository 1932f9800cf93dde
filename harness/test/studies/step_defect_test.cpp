#include "theory/claims/step_defect.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "harness/studies/claims/claim_cases.hpp"
#include "harness/studies/claims/exact_laboratory.hpp"
#include "numerics/error.hpp"

namespace lemmabench {
namespace {

const CoordinateLaw& coordinate(const std::string& name) {
  const auto& cases = claim_cases();
  const auto found =
      std::find_if(cases.begin(), cases.end(), [&](const Case& c) { return c.name == name; });
  return found->target()->product()->coordinates.front();
}

/// Level 95 of T = 128, where the three modes of mixture-three merge.
StepLevels merging_level() {
  static const Schedule<Ball> kSchedule(LiCaiSchedule{}, 128);
  return step_levels(kSchedule, 95);
}

TEST_CASE("Phi_t - Psi_t on three modes (mpmath, 40 digits)") {
  const PrecisionScope scope(200);
  const Schedule<Ball> schedule(LiCaiSchedule{}, 128);
  const StepLevels levels = step_levels(schedule, 95);
  ExactLaboratory laboratory;
  // Flow by findroot on the distribution functions, steps as written in theory.md section 3 with
  // the scores of the neighbouring levels; levels by the recursion of theory.md section 1.
  struct Known {
    const char* sampler;
    const char* at_half;
    const char* at_minus_quarter;
  };
  for (const Known& known : std::vector<Known>{
           {"ddpm", "0.00722831248056637362831", "-0.0102063606784772316014"},
           {"li-cai", "-0.00370600518283008043853", "0.000848496678564204045120"},
           {"li-cai-momentum", "-0.00356932845281113947078", "0.000132044207486284448223"}}) {
    const SteppedSampler sampler{laboratory, known.sampler};
    const StepDefect defect(coordinate("mixture-three"), levels, sampler);
    CAPTURE(known.sampler);
    const auto off = [&](const Rational& x, const char* value) {
      return abs(defect(Ball(x)) - Ball(Rational::parse(value, "mpmath"))).to_double();
    };
    CHECK(off(Rational(1, 2), known.at_half) < 1e-22);
    CHECK(off(Rational(-1, 4), known.at_minus_quarter) < 1e-22);
  }
}

TEST_CASE("what is remembered of a point is not taken for its neighbour's") {
  const PrecisionScope scope(200);
  const StepLevels levels = merging_level();
  ExactLaboratory laboratory;
  const SteppedSampler sampler{laboratory, "li-cai"};
  const Ball tenth = Ball(Rational(1, 10)).midpoint();
  const Ball nearest = Ball::exactly(0.1);
  REQUIRE_FALSE(tenth.overlaps(nearest));
  const StepDefect fresh(coordinate("mixture-three"), levels, sampler);
  const StepDefect used(coordinate("mixture-three"), levels, sampler);
  const Ball at_nearest = used(nearest);
  CHECK(used(tenth).overlaps(fresh(tenth)));
  CHECK_FALSE(used(tenth).overlaps(at_nearest));
  // A box whose ends are no numbers of the working precision.
  const Ball box = Ball::around(tenth, Ball(Rational(1, 3)));
  CHECK(used(box).contains(fresh(tenth)));
}

TEST_CASE("a box encloses its points, and tightly") {
  const StepLevels levels = merging_level();
  ExactLaboratory laboratory;
  const SteppedSampler sampler{laboratory, "li-cai"};
  const StepDefect defect(coordinate("mixture-three"), levels, sampler);
  const Ball centre(Rational(1, 2));
  const Ball radius(Rational(1, 64));
  const Ball box = defect(Ball::around(centre, radius));
  Ball least = defect(centre);
  Ball largest = least;
  for (int k = -4; k <= 4; ++k) {
    const Ball value = defect(centre + radius * k / 4);
    CAPTURE(k);
    CHECK(box.contains(value.midpoint()));
    least = value.to_double() < least.to_double() ? value : least;
    largest = value.to_double() > largest.to_double() ? value : largest;
  }
  CHECK(2 * box.radius().to_double() < 1.5 * (largest - least).to_double());
}

TEST_CASE("on a Gaussian the maps are closed forms in u = b/w") {
  const StepLevels levels = merging_level();
  ExactLaboratory laboratory;
  const CoordinateLaw& law = coordinate("gauss-shifted");
  const Ball w = levels.abar * Ball(law.components.front().variance) + levels.noise;
  const Ball u = levels.b / w;
  const Ball exact = sqrt(1 - 2 * u);
  const auto measured = [&](const char* name) {
    const SteppedSampler sampler{laboratory, name};
    return StepDefect(law, levels, sampler).per_deviation() / sqrt(w);
  };
  CHECK(measured("ddpm").overlaps(exact - (1 - u)));
  CHECK(measured("li-cai").overlaps(exact - (1 - u * (1 - u / 2) / (1 - u))));
  // S at level t+1 in these coordinates: w + b1/(1-b1).
  const Ball above = levels.b1 / (1 - levels.b1);
  const Ball back = 1 + levels.b1 / (2 * w);
  const Ball momentum = 1 - u + levels.b * levels.b / levels.b1 * (back / (w + above) - 1 / w);
  CHECK(measured("li-cai-momentum").overlaps(exact - momentum));
}

TEST_CASE("the series in b sum to the step itself") {
  const PrecisionScope scope(300);
  StepLevels levels = merging_level();
  ExactLaboratory laboratory;
  for (const char* name : {"li-cai", "li-cai-momentum", "ddpm"}) {
    const SteppedSampler sampler{laboratory, name};
    const Ball x(Rational(1, 2));
    const CoordinateLaw& law = coordinate("mixture-three");
    const StepSeries series = step_series(law, levels, sampler, Jet<Ball>(x), 8);
    // The same step with a small b and the same ratio b1/b.
    StepLevels small = levels;
    small.b = levels.b / 1000;
    small.b1 = levels.b1 / 1000;
    Ball sum(0);
    Ball power(1);
    for (int k = 0; k <= 8; ++k) {
      const Ball gap = series.exact.coefficient(k).value() - series.sampler.coefficient(k).value();
      sum += gap * power;
      power *= small.b;
    }
    const Ball defect = StepDefect(law, small, sampler)(x);
    CAPTURE(name);
    CHECK(abs(sum / defect - 1).to_double() < 1e-12);
  }
}

TEST_CASE("what is no map x -> Psi(x) is refused") {
  const StepLevels levels = merging_level();
  ExactLaboratory laboratory;
  const auto run = [&](const char* name) {
    const SteppedSampler sampler{laboratory, name};
    StepDefect(coordinate("mixture-near"), levels, sampler)(Ball(1));
  };
  CHECK_THROWS_AS(run("ddpm-posterior"), EngineRefusal);
  CHECK_THROWS_AS(run("li-huang-sde"), EngineRefusal);
  CHECK_THROWS_AS(run("li-cai:clip=1"), EngineRefusal);
  CHECK_THROWS_AS(run("li-cai:kappa=1"), EngineRefusal);
  CHECK_THROWS_AS(run("li-kai"), InputError);
}

}  // namespace
}  // namespace lemmabench
