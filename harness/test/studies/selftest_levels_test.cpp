#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "cases/parse_schedule.hpp"
#include "harness/studies/selftest/ask.hpp"
#include "harness/studies/selftest/levels.hpp"
#include "harness/studies/selftest/random_cases.hpp"
#include "numerics/exactly.hpp"
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

TEST_CASE("selftest levels: lists without noise, without signal and with equal neighbours") {
  for (const auto& given : {std::pair{"[\"inf\",3,1,1,0.3,0]", LevelScale::sigma},
                            std::pair{"[0,0.25,0.25,0.9,1]", LevelScale::abar},
                            std::pair{"[0,0.1,0,0.5,1]", LevelScale::beta}}) {
    CAPTURE(given.first);
    const ScheduleKind kind = levels_of_text(given.first, given.second);
    const auto& list = std::get<ListedSchedule>(kind);
    const auto steps = static_cast<long>(list.values->size());
    const ClaimedLevels claimed = levels_in_balls(kind, steps, 128);
    CHECK(disagreements(check_levels(kind, claimed)) == 0);
    CHECK(disagreements(check_levels(
              kind, levels_in_floats<double>(kind, steps, Rational::parse("1e-14", "test")))) == 0);
    const PrecisionScope scope(400);
    const Ball wrong = 1 + Ball(Rational::parse("1e-30", "test"));
    for (std::size_t i = 1; i < claimed.h.size(); ++i) {
      ClaimedLevels other = claimed;
      other.h[i] =
          is_exactly_zero(other.h[i]) ? Ball(Rational::parse("1e-30", "test")) : other.h[i] * wrong;
      CHECK(disagreements(check_levels(kind, other)) > 0);
    }
    // What a finding prints makes the same levels again, by the same hash.
    const ScheduleKind read = levels_of_text(levels_text(list), given.second);
    const auto& again = std::get<ListedSchedule>(read);
    CHECK(*again.values == *list.values);
    Ask ask;
    ask.request.target = "gauss-flat";
    ask.request.sampler = "ddpm-posterior";
    ask.request.schedule = read;
    ask.request.steps = steps;
    CHECK(command_of(ask).find("printf '%s' '" + levels_text(list) + "' > levels.json\n") == 0);
    CHECK(command_of(ask).find("levels:file=levels.json") != std::string::npos);
    const std::vector<std::string> words = arguments(ask, {.sampler = "", .levels = "/tmp/x.json"});
    CHECK(std::find(words.begin(), words.end(),
                    "levels:file=/tmp/x.json,column=" + std::string(name(given.second)) +
                        ",hash=" + again.hash) != words.end());
  }
  // Among the random ones there are all three.
  bool silent = false;
  bool clean = false;
  bool paused = false;
  for (std::uint64_t question = 0; question < 200; ++question) {
    Dice dice(1, question);
    const ScheduleKind kind = random_schedule(dice, 7);
    if (!std::holds_alternative<ListedSchedule>(kind)) continue;
    const Schedule<double> schedule(kind, 7, StepBound::whole, EndLevels::closed);
    silent = silent || schedule.from_noise();
    clean = clean || schedule.to_data();
    paused = paused || !schedule.pauses().empty();
  }
  CHECK(silent);
  CHECK(clean);
  CHECK(paused);
}
