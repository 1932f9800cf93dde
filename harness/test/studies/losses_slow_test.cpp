#include <doctest/doctest.h>

#include <cmath>

#include "harness/studies/losses/losses.hpp"
#include "harness/studies/losses/point_quantities.hpp"
#include "numerics/error.hpp"
#include "theory/gaussian/typical_ellipsoid.hpp"
#include "theory/process/forward.hpp"

namespace lemmabench {
namespace {

const LossStep& step_of(const LossTable& table, const std::string& id) {
  for (const LossStep& step : table.steps) {
    if (step.id == id) {
      return step;
    }
  }
  throw std::logic_error("no step " + id);
}

/// N(0, I/4) in R^d as both kinds of law.
ScaleMixtureLaw one_scale(long d) { return {d, {{Rational(1), Rational(1, 4)}}}; }
ProductLaw independent(long d) { return {{gaussian_block(Rational(1, 4), Rational(0), d)}}; }

}  // namespace

TEST_CASE(
    "at the worst point a Gaussian is the same as one scale, as coordinates and in closed form") {
  const PointLevels at{192, {1, 100, 150, 192}};
  const long d = 9;
  const Schedule<Ball> schedule(LiCaiSchedule{}, 192);
  const Ball bound = Ball(2 * d) * log(Ball(192));
  Ball score(0);
  Ball trace(0);
  for (const long t : at.t) {
    const Level<Ball>& level = schedule.level(static_cast<int>(t));
    const ProductLaw law = independent(d);
    const TypicalEllipsoid set(law, level, bound);
    score = larger(score, sqrt(set.score_squared() * level.noise));
    trace = larger(trace, set.noise_trace());
  }
  for (const PointLaw& law : {PointLaw(one_scale(d)), PointLaw(independent(d))}) {
    CHECK(at_worst_point(PointQuantity::score, law, at).interval().overlaps(score));
    CHECK(at_worst_point(PointQuantity::trace, law, at).interval().overlaps(trace));
  }
}

TEST_CASE("in expectation a Gaussian's score is d (1-abar)/w, by both kinds of law") {
  const PointLevels at{192, {150}};
  const Schedule<Ball> schedule(LiCaiSchedule{}, 192);
  const Level<Ball>& level = schedule.level(150);
  for (const long d : {4L, 64L}) {
    const double expected =
        sqrt(Ball(d) * level.noise / marginal_variance(level, Ball(Rational(1, 4)))).to_double();
    for (const PointLaw& law : {PointLaw(one_scale(d)), PointLaw(independent(d))}) {
      const Quantity found = in_expectation(PointQuantity::score, law, at);
      CHECK(found.evidence() == Evidence::computed);
      // The trapezoidal rule stops at 7 deviations and at 0 in R^4; seen: 2e-6 there, else 1e-10.
      CHECK(std::abs(found.value() / expected - 1) < 1e-4);
    }
  }
}

TEST_CASE("the powers of d of a Gaussian are those of its norm") {
  LossRequest request;
  request.families = {"gaussian"};
  request.dims = {4, 16, 64};
  request.steps = 96;
  request.relative_error = 0.05;
  const LossTable table = study_losses(request);
  CHECK(table.steps.size() == 11);
  for (const char* id : {"T2", "T7, k = 0", "T7, k = 1", "T7, k = 2", "D2"}) {
    const PowerOfDimension& power = step_of(table, id).worst.front();
    CAPTURE(id);
    REQUIRE(power.known());
    CHECK(power.evidence == Evidence::proved);
    CHECK(std::abs(power.power - 0.5) < 0.05);
  }
  CHECK(std::abs(step_of(table, "T3").worst.front().power - 1) < 0.05);
  // Third derivatives of a Gaussian's log density are none.
  CHECK_FALSE(step_of(table, "T8").worst.front().known());
  const PowerOfDimension& sum = step_of(table, "sum over t").mean.front();
  CHECK(sum.evidence == Evidence::sampled);
  CHECK(sum.low <= 1);
  CHECK(sum.high >= 1);
  CHECK(std::abs(step_of(table, "D5").mean.front().power - 0.5) < 0.05);
  // Nothing is lost before T7, and nothing won behind it.
  CHECK(std::abs(step_of(table, "T3").running - 2.5) < 0.05);
  CHECK(std::abs(table.steps.back().running - 0.5) < 0.05);
}

TEST_CASE("of families with one power the one that is known best is named") {
  std::vector<PowerOfDimension> powers(3);
  const double all[3][3] = {{0.9, 0.9, 0.9}, {1.0, 0.99, 1.01}, {1.004, 0.01, 1.99}};
  for (std::size_t i = 0; i < 3; ++i) {
    powers[i].power = all[i][0];
    powers[i].low = all[i][1];
    powers[i].high = all[i][2];
  }
  CHECK(largest(powers) == &powers[1]);
  powers[2].power = 1.2;
  CHECK(largest(powers) == &powers[2]);
  powers[2].not_evaluated = "for a reason";
  CHECK(largest(powers) == &powers[1]);
  CHECK(largest({}) == nullptr);
}

TEST_CASE("what cannot be asked is refused") {
  LossRequest request;
  request.sampler = "ddim";
  CHECK_THROWS_AS(study_losses(request), InputError);
  request = {};
  request.dims = {4, 8, 16};
  CHECK_THROWS_AS(study_losses(request), InputError);
  request = {};
  request.families = {"cauchy"};
  CHECK_THROWS_AS(study_losses(request), InputError);
  request = {};
  request.steps = 50;
  CHECK_THROWS_AS(study_losses(request), InputError);
}

}  // namespace lemmabench
