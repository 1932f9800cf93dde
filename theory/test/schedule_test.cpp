#include "theory/schedule.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <string>

#include "numerics/error.hpp"

using namespace lemmabench;

namespace {

const ScheduleKind kAll[] = {LiCaiSchedule{},  LogitSchedule{},  TwoPhaseSchedule{},
                             LinearSchedule{}, CosineSchedule{}, KarrasSchedule{}};

/// What refusing a schedule says.
std::string refusal(const ScheduleKind& kind, long steps) {
  try {
    Schedule<double>(kind, steps);
  } catch (const InputError& error) {
    return error.what();
  }
  return "";
}

}  // namespace

TEST_CASE("every schedule keeps abar + noise = 1, snr falling, and h_t = 1 - snr_t/snr_{t-1}") {
  const PrecisionScope scope(300);
  for (const ScheduleKind& kind : kAll) {
    const Schedule<Ball> schedule(kind, 200);
    CAPTURE(text(kind));
    REQUIRE(schedule.steps() == 200);
    for (int t = 1; t <= 200; ++t) {
      const Level<Ball>& level = schedule.level(t);
      REQUIRE((level.abar + level.noise).contains(Rational(1)));
      REQUIRE(level.noise.relative_accuracy_bits() > 250);  // to full relative accuracy
      if (t > 1) {
        const Level<Ball>& below = schedule.level(t - 1);
        REQUIRE(level.noise.less_than(below.noise) == Truth::certainly_not);
        REQUIRE((1 - level.snr() / below.snr()).overlaps(schedule.h(t)));
        REQUIRE((1 - schedule.alpha(t)).overlaps(schedule.b(t)));
      }
    }
  }
}

TEST_CASE("the double schedule is the ball schedule to rounding") {
  const PrecisionScope scope(200);
  for (const ScheduleKind& kind : kAll) {
    CAPTURE(text(kind));
    const Schedule<double> fast(kind, 500);
    const Schedule<Ball> exact(kind, 500);
    // A recursion of 500 factors, each rounded twice: 1000 * 1.1e-16; observed 4e-14 (karras: a
    // seventh power and a difference of neighbours).
    for (int t = 2; t <= 500; ++t) {
      const double noise = exact.level(t).noise.to_double();
      const double h = exact.h(t).to_double();
      REQUIRE(std::abs(fast.level(t).noise / noise - 1) < 2e-13);
      REQUIRE(std::abs(fast.h(t) / h - 1) < 2e-12);
    }
  }
}

TEST_CASE("the li-cai schedule has its end level and its recursion (claim S1)") {
  const PrecisionScope scope(200);
  const long steps = 300;
  const Schedule<Ball> schedule(LiCaiSchedule{Rational(3, 2), Rational(7)}, steps);
  const Ball horizon(steps);
  const Ball scale = 7 * log(horizon) / horizon;
  CHECK(schedule.level(300).abar.overlaps(pow(horizon, Ball(Rational(-3, 2)))));
  for (int t = 2; t <= 300; ++t) {
    const Level<Ball>& level = schedule.level(t);
    const Level<Ball>& below = schedule.level(t - 1);
    REQUIRE(below.abar.overlaps(level.abar + scale * level.abar * level.noise));
    REQUIRE(below.noise.overlaps(level.noise * (1 - scale * level.abar)));
    REQUIRE(schedule.h(t).overlaps(scale / (1 + scale * level.noise)));
    REQUIRE(schedule.h(t).less_than(scale) != Truth::certainly_not);
  }
}

TEST_CASE("the data end keeps its noise where 1 - abar in double is rounding only") {
  const Schedule<double> schedule(LiCaiSchedule{}, 1000);
  CHECK(schedule.level(1).noise < 1e-17);
  CHECK(schedule.level(1).noise > 0);
  CHECK(std::abs((1 - schedule.level(1).abar) / schedule.level(1).noise - 1) > 0.5);
}

TEST_CASE("too few steps are refused, and the least number named is the least that works") {
  for (const ScheduleKind& kind : {ScheduleKind(LiCaiSchedule{}), ScheduleKind(LogitSchedule{}),
                                   ScheduleKind(TwoPhaseSchedule{})}) {
    CAPTURE(text(kind));
    const long least = least_steps(kind);
    REQUIRE(least > 3);
    CHECK(refusal(kind, least).empty());
    CHECK(refusal(kind, least - 1).find("use at least " + std::to_string(least) + " steps") !=
          std::string::npos);
  }
  CHECK(refusal(LinearSchedule{}, 10).find("use more steps") != std::string::npos);
}

TEST_CASE("samplers that do not overshoot need h_t < 1 only") {
  const Schedule<double> ten(LogitSchedule{}, 10, StepBound::whole);
  CHECK(std::abs(ten.h(5) - (1 - std::exp(-2.0))) < 1e-15);
  for (const ScheduleKind& kind :
       {ScheduleKind(LiCaiSchedule{}), ScheduleKind(TwoPhaseSchedule{})}) {
    CAPTURE(text(kind));
    const long least = least_steps(kind, StepBound::whole);
    REQUIRE(least > 3);
    CHECK(least < least_steps(kind));
    const Schedule<double> shortest(kind, least, StepBound::whole);
    for (int t = 1; t <= shortest.steps(); ++t) {
      CHECK(shortest.level(t).noise > 0);
      CHECK(shortest.level(t).abar > 0);
    }
    try {
      const Schedule<double> shorter(kind, least - 1, StepBound::whole);
      FAIL("a level would have no noise");
    } catch (const InputError& error) {
      CHECK(std::string(error.what())
                .find("leave (0, 1); use at least " + std::to_string(least) + " steps") !=
            std::string::npos);
    }
  }
}

TEST_CASE("parameters out of range are refused") {
  const Rational zero(0);
  CHECK(refusal(LiCaiSchedule{zero, Rational(9)}, 100).find("c0 must be") != std::string::npos);
  CHECK(refusal(LiCaiSchedule{Rational(2), Rational(-1)}, 100).find("c1 must") !=
        std::string::npos);
  CHECK(refusal(LogitSchedule{Rational(5), Rational(5)}, 100).find("from must") !=
        std::string::npos);
  CHECK(refusal(KarrasSchedule{zero}, 100).find("sigma_min") != std::string::npos);
  CHECK(refusal(CosineSchedule{Rational(1)}, 100).find("s < 1") != std::string::npos);
  CHECK(refusal(LiCaiSchedule{}, 1).find("use 2 to") != std::string::npos);
  CHECK(refusal(LiCaiSchedule{}, kMaxSteps + 1).find("use 2 to") != std::string::npos);
}
