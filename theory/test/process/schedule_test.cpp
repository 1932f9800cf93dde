#include "theory/process/schedule.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <string>

#include "numerics/error.hpp"

using namespace lemmabench;

namespace {

const ScheduleKind kAll[] = {
    LiCaiSchedule{},
    LogitSchedule{},
    TwoPhaseSchedule{},
    LinearSchedule{},
    CosineSchedule{},
    KarrasSchedule{},
    ScaledLinearSchedule{},
    ExponentialSchedule{},
    FlowSchedule{},
    LinearSchedule{Rational(1, 10000), Rational(2, 100), {1000, Spacing::linspace}},
    CosineSchedule{Rational(8, 1000), {1000, Spacing::trailing}}};

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

// At T = 3 the levels of c0 = 6 end before they have grown; from 4 on they leave (0, 1).
TEST_CASE("a few steps that happen to work are not the least number named") {
  const ScheduleKind kind = LiCaiSchedule{Rational(6), Rational(30)};
  CHECK_NOTHROW(Schedule<double>(kind, 3, StepBound::whole));
  for (const StepBound bound : {StepBound::half, StepBound::whole}) {
    const long least = least_steps(kind, bound);
    CHECK(least > 80);
    CHECK_THROWS_AS(Schedule<double>(kind, least - 1, bound), InputError);
    for (const long steps : {least, least + 1, 2 * least, 8 * least}) {
      CHECK_NOTHROW(Schedule<double>(kind, steps, bound));
    }
  }
}

namespace {

/// c1 at which beta_1 (1+L)^10 = 1 in the two-phase schedule of 16 steps with c0 = 1, off by
/// `sign` 10^-`digits`.
Rational near_the_tie(int sign, int digits) {
  const PrecisionScope scope(1000);
  const Ball log_steps = log(Ball(16));
  const Ball tie = expm1(log_steps / 10) * 16 / log_steps;
  const Rational rounded = Rational::parse(to_decimal(tie, 250).value, "test");
  return rounded + Rational(sign) * Rational::parse("1e-" + std::to_string(digits), "test");
}

/// Every level at `bits` bits encloses that at 1000 bits.
void require_enclosed(const ScheduleKind& kind, long steps, long bits) {
  const auto levels = [&](long precision) {
    const PrecisionScope scope(precision);
    return Schedule<Ball>(kind, steps);
  };
  const Schedule<Ball> coarse = levels(bits);
  const Schedule<Ball> fine = levels(1000);
  const PrecisionScope scope(1000);
  for (int t = 1; t <= steps; ++t) {
    REQUIRE(coarse.level(t).abar.overlaps(fine.level(t).abar));
    REQUIRE(coarse.level(t).noise.overlaps(fine.level(t).noise));
    REQUIRE(coarse.h(t).overlaps(fine.h(t)));
  }
}

/// Every level at `bits` bits encloses the words of the definition, beta_t = L min(beta_1 (1+L)^t,
/// 1), at 2000 bits, where the minimum must be certain: not what the schedule itself says there,
/// which would take the same side.
void require_two_phase(const TwoPhaseSchedule& kind, int steps, long bits) {
  const Schedule<Ball> schedule = [&] {
    const PrecisionScope scope(bits);
    return Schedule<Ball>(kind, steps);
  }();
  const PrecisionScope scope(2000);
  const Ball scale = Ball(kind.c1) * log(Ball(steps)) / Ball(steps);
  const Ball first = exp(-Ball(kind.c0) * log(Ball(steps)));
  Ball abar = 1 - first;
  REQUIRE(schedule.level(1).abar.overlaps(abar));
  for (int t = 2; t <= steps; ++t) {
    const Ball growing = first * pow(1 + scale, Ball(t));
    const Truth below = growing.less_than(Ball(1));
    REQUIRE(below != Truth::unknown);
    abar *= 1 - scale * (below == Truth::certainly ? growing : Ball(1));
    REQUIRE(schedule.level(t).abar.overlaps(abar));
  }
}

}  // namespace

TEST_CASE("a min of a schedule that hangs on the 20th to 200th digit is enclosed") {
  for (const int digits : {15, 17, 20, 30, 40, 60, 100, 200}) {
    for (const int sign : {-1, 0, 1}) {
      CAPTURE(digits);
      CAPTURE(sign);
      const TwoPhaseSchedule kind{Rational(1), near_the_tie(sign, digits)};
      for (const long bits : {64, 128, 200, 400}) {
        require_enclosed(kind, 16, bits);
        require_two_phase(kind, 16, bits);
      }
      // At a tie or within the precision of it both sides are as narrow as what they are made of.
      const PrecisionScope scope(200);
      const Schedule<Ball> schedule(kind, 16);
      CHECK(schedule.level(1).noise.relative_accuracy_bits() > 180);
      CHECK(schedule.level(16).noise.relative_accuracy_bits() > 180);
    }
  }
  for (const ScheduleKind& kind : kAll) {
    require_enclosed(kind, 100, 64);
    require_enclosed(kind, 100, 200);
  }
}

TEST_CASE("the last beta of the cosine schedule is its cap, exactly") {
  const PrecisionScope scope(128);
  const Schedule<Ball> schedule(CosineSchedule{}, 50);
  CHECK((1 - schedule.alpha(50)).contains(Rational(999, 1000)));
  CHECK_FALSE((1 - schedule.alpha(49)).overlaps(Ball(Rational(999, 1000))));
}

TEST_CASE("h_t is held against 1/2 at the precision there is, and not in double") {
  // h = 1 - e^-spacing, spacing log 2 + sign 10^-digits.
  const auto build = [](int sign, const char* off, long bits) {
    const Rational log_two = [] {
      const PrecisionScope scope(1000);
      return Rational::parse(to_decimal(log(Ball(2)), 250).value, "test");
    }();
    const Rational spacing = log_two + Rational(sign) * Rational::parse(off, "test");
    const PrecisionScope scope(bits);
    Schedule<Ball>(LogitSchedule{Rational(-1), Rational(3) * spacing - Rational(1)}, 4);
  };
  CHECK_NOTHROW(build(-1, "1e-30", 128));
  CHECK_THROWS_AS(build(1, "1e-30", 128), InputError);
  CHECK_THROWS_AS(build(-1, "1e-60", 128), NumericalFailure);
  CHECK_THROWS_AS(build(1, "1e-60", 128), NumericalFailure);
  CHECK_NOTHROW(build(-1, "1e-60", 400));
  CHECK_THROWS_AS(build(1, "1e-60", 400), InputError);
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

// The words of each definition, level by level, at few enough levels that an index off by one shows
// in the first digits.
TEST_CASE("the schedules of practitioners are what their definitions say") {
  const PrecisionScope scope(200);
  const int steps = 40;
  const Ball last(steps - 1);
  SUBCASE("linear: beta_t equispaced from first to last, times 1000/T") {
    const Schedule<Ball> schedule(LinearSchedule{}, steps);
    Rational abar(1);
    for (int t = 1; t <= steps; ++t) {
      const Rational beta = Rational(1, 10000) + Rational(199, 10000) * Rational(t - 1, steps - 1);
      abar = abar * (Rational(1) - beta * Rational(1000, steps));
      REQUIRE(schedule.level(t).abar.contains(abar));
    }
  }
  SUBCASE("linear at T = 1000 is DDPM's table") {
    // prod (1 - beta_t), multiplied out in 40 decimal digits elsewhere.
    const Schedule<Ball> ddpm(LinearSchedule{}, 1000);
    const Rational known = Rational::parse("0.00004035829765375683314817635161554144", "test");
    const Ball off = ddpm.level(1000).abar / Ball(known) - 1;
    REQUIRE(off.magnitude_upper().less_than(pow(Ball(10), Ball(-30))) == Truth::certainly);
  }
  SUBCASE("karras: sigma^{1/rho} equispaced") {
    const Schedule<Ball> schedule(KarrasSchedule{}, steps);
    for (int t = 1; t <= steps; ++t) {
      const Ball variance = 1 / schedule.level(t).snr();
      const Ball low = exp(log(Ball(Rational(2, 1000))) / 7);
      const Ball high = exp(log(Ball(80)) / 7);
      REQUIRE(exp(log(variance) / 14).overlaps(low + (high - low) * Ball(t - 1) / last));
    }
  }
  SUBCASE("logit: log snr equispaced") {
    const Schedule<Ball> schedule(LogitSchedule{Rational(-5), Rational(3)}, steps);
    for (int t = 1; t <= steps; ++t) {
      REQUIRE(log(schedule.level(t).snr()).overlaps(3 - 8 * Ball(t - 1) / last));
    }
  }
  SUBCASE("cosine: abar = f(t)/f(0) but for the cap of the last step") {
    const Schedule<Ball> schedule(CosineSchedule{}, steps);
    const auto f = [&](int t) {
      const Ball s(Rational(8, 1000));
      const Ball root = cos((Ball(Rational(t, steps)) + s) / (1 + s) * Ball::pi() / 2);
      return root * root;
    };
    for (int t = 1; t < steps; ++t) {
      REQUIRE(schedule.level(t).abar.overlaps(f(t) / f(0)));
    }
    REQUIRE(schedule.b(steps).contains(Rational(999, 1000)));
  }
}
