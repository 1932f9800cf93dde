// The bank against the gate's own plan, and a threshold from both sides.
#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "harness/studies/mutation/hunt.hpp"

using namespace lemmabench;

namespace {

GateCell small_cell(const std::string& target) {
  GateCell out;
  out.request.target = target;
  out.request.schedule = LogitSchedule{Rational(-4), Rational(4)};
  out.request.steps = 16;
  return out;
}

}  // namespace

TEST_CASE("a threshold lies between what is caught and what is not") {
  // The mixture's computed law; the Gaussian one is known to 40 digits and shows all that is tried.
  const std::vector<GateCell> plan{small_cell("gauss-spread"), small_cell("mixture-near")};
  bool found = false;
  for (const DetectionThreshold& one : detection_thresholds("ddpm", plan)) {
    CHECK((one.of == Coefficient::b || one.of == Coefficient::sqrt_alpha));  // all that ddpm uses
    if (one.engine == "gaussian") {
      CHECK(one.digits == kFinest);
    } else if (one.of == Coefficient::b) {
      found = true;
      REQUIRE(one.digits >= 8);
      REQUIRE(one.digits < kFinest);
      const auto seen = [&](int k) {
        const std::string by = "1." + std::string(static_cast<std::size_t>(k) - 1, '0') + "1";
        const std::string mutant = "mutant:base=ddpm,bug=scale,of=b,by=" + by;
        return first_difference(plan[1], answer_cell(plan[1], "ddpm", 1),
                                answer_cell(plan[1], mutant, 1))
            .has_value();
      };
      CHECK(seen(one.digits));
      CHECK(!seen(one.digits + 1));
    }
  }
  CHECK(found);
  CHECK(one_draw("ddpm") == "ddpm");
  CHECK(one_draw("jiao-li") == "jiao-li:draw=0");
}

TEST_CASE("the quick gate catches every fourth mutant of the bank, and alarms on no equal") {
  const MutantBank bank = built_in_mutant_bank("quick");
  MutantBank slice{bank.name, {}, {bank.equals.back()}};
  for (std::size_t i = 0; i < bank.records.size(); i += 4) {
    slice.records.push_back(bank.records[i]);
  }
  const MutantRun run = hunt_mutants(slice, built_in_gate_plan("quick"), 1);
  for (const MutantOutcome& outcome : run.outcomes) {
    CAPTURE(outcome.record.mutant);
    CHECK(outcome.as_recorded());
    // By a number, not because an engine refuses.
    CHECK((!outcome.caught || outcome.caught->before.has_value()));
  }
  CHECK(run.equals[0].cells >= 10);
  CHECK(run.passed());
}
