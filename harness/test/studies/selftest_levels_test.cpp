#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "cases/parse_schedule.hpp"
#include "harness/studies/selftest/levels.hpp"
#include "harness/studies/selftest/random_cases.hpp"
#include "numerics/mp.hpp"

using namespace lemmabench;

namespace {

long disagreements(const std::vector<Compared>& all) {
  long out = 0;
  for (const Compared& one : all) out += one.agrees ? 0 : 1;
  return out;
}

const std::vector<std::string>& schedules() {
  static const std::vector<std::string> kAll{"li-cai:c0=2,c1=3",
                                             "logit:from=-6,to=6",
                                             "two-phase:c0=1,c1=3",
                                             "linear",
                                             "cosine:s=0.008",
                                             "karras:sigma_min=0.002,sigma_max=80,rho=7",
                                             "scaled-linear",
                                             "scaled-linear:spacing=trailing",
                                             "linear:train=1000,spacing=linspace",
                                             "exponential",
                                             "flow:shift=3"};
  return kAll;
}

}  // namespace

TEST_CASE("selftest levels: every schedule keeps to its definition in every scalar") {
  for (const std::string& text : schedules()) {
    const ScheduleKind kind = make_schedule(text, "test");
    CAPTURE(text);
    CHECK(disagreements(check_levels(kind, levels_in_balls(kind, 40, 128))) == 0);
    CHECK(disagreements(check_levels(
              kind, levels_in_floats<double>(kind, 40, Rational::parse("1e-12", "test")))) == 0);
    CHECK(disagreements(check_levels(
              kind, levels_in_floats<Mp40>(kind, 40, Rational::parse("1e-36", "test")))) == 0);
  }
}

TEST_CASE("selftest levels: one level off by its radius and a bit is found, in each quantity") {
  for (const std::string& text : schedules()) {
    const ScheduleKind kind = make_schedule(text, "test");
    const ClaimedLevels claimed = levels_in_balls(kind, 40, 128);
    const PrecisionScope scope(400);
    const Ball wrong = 1 + Ball(Rational::parse("1e-30", "test"));
    CAPTURE(text);
    ClaimedLevels other = claimed;
    other.level[20].abar *= wrong;
    CHECK(disagreements(check_levels(kind, other)) > 0);
    other = claimed;
    other.level[0].noise *= wrong;
    CHECK(disagreements(check_levels(kind, other)) > 0);
    other = claimed;
    other.h[7] *= wrong;
    CHECK(disagreements(check_levels(kind, other)) > 0);
  }
}

TEST_CASE("selftest levels: the min of the two-phase schedule taken on the wrong side is found") {
  // T^-c0 (1+L)^10 = 1 to 40 digits: in double the step is on either side of the cap.
  const Rational c0(1);
  const Rational c1 = tied_c1(c0, 16, 10, 40);
  const PrecisionScope scope(600);
  const Ball horizon(16);
  const Ball scale = Ball(c1) * log(horizon) / horizon;
  const Ball tie = pow(1 + scale, Ball(10)) / horizon;
  CHECK(abs(tie - 1).less_than(Ball(Rational::parse("1e-38", "test"))) == Truth::certainly);
  const ScheduleKind kind = TwoPhaseSchedule{c0, c1};
  ClaimedLevels claimed = levels_by_definition(kind, 16);
  CHECK(disagreements(check_levels(kind, claimed)) == 0);
  // beta_10 = L tie in place of L min(tie, 1), or the other way round: 1e-40 of it.
  const bool above = (tie - 1).positive() == Truth::certainly;
  const Ball factor = above ? (1 - scale * tie) / (1 - scale) : (1 - scale) / (1 - scale * tie);
  for (std::size_t i = 9; i < 16; ++i) {
    claimed.level[i].abar *= factor;
  }
  CHECK(disagreements(check_levels(kind, claimed)) > 0);
}
