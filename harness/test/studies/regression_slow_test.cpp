#include <doctest/doctest.h>

#include <string>

#include "harness/studies/regression/baseline_json.hpp"
#include "harness/studies/regression/regression.hpp"
#include "harness/studies/regression/sequential_test.hpp"
#include "numerics/parallel.hpp"

using namespace lemmabench;

TEST_CASE("gate: every kind of sampler passes its own quick baseline, exactly") {
  // Two scores a step; deterministic; with memory; one draw of random times.
  for (const char* sampler : {"li-cai", "ddim", "dpmpp-2m", "gupta-midpoint:draw=0"}) {
    CAPTURE(sampler);
    const Baseline written =
        make_baseline(built_in_gate_plan("quick"), sampler, available_threads());
    CHECK(written.cells.size() >= 35);
    GateOptions options;
    options.exact = true;
    options.threads = available_threads();
    const GateReport report =
        run_gate(baseline_from_json(baseline_json(written), "b.json"), sampler, options);
    CHECK(report.passed());
    CHECK(report.cells.size() == written.cells.size());
  }
}

TEST_CASE("gate: one sampler is not another, in every cell but claims") {
  const Baseline ddpm = make_baseline(built_in_gate_plan("quick"), "ddpm", available_threads());
  GateOptions options;
  options.exact = true;
  options.threads = available_threads();
  options.cells = "law*,order*,certificate*";
  for (const CellReport& cell : run_gate(ddpm, "ddpm-posterior", options).cells) {
    CAPTURE(cell.cell->id());
    CHECK(cell.failed());
  }
}

TEST_CASE("gate: random times averaged over draws pass their own baseline") {
  const auto plan = parse_gate_plan(
      "[[law]]\ntargets = 'gauss-flat'\nsteps = 32\nschedules = 'logit:from=-4,to=4'\n", "p.toml");
  const Baseline baseline = make_baseline(plan, "gupta-midpoint:draws=16", available_threads());
  REQUIRE(baseline.cells.size() == 1);
  CHECK(baseline.cells.front().answer.numbers.front().value.evidence() == Evidence::sampled);
  GateOptions options;
  // Other draws of the same sampler: the same within the widened intervals.
  const GateReport other = run_gate(baseline, "gupta-midpoint:draws=16,seed=2", options);
  CHECK(other.count(ChangeKind::regression) == 0);
  // Another sampler is not.
  CHECK(run_gate(baseline, "ddim", options).count(ChangeKind::regression) > 0);
}

TEST_CASE("gate: false alarms of real certificates stay below alpha") {
  const GateCell cell =
      parse_gate_plan("[[certificate]]\ntargets = 'mixture-near'\nsteps = 100\nmargin = 0.2\n",
                      "p.toml")
          .front();
  const AlphaSpending spending{0.2, 1};
  GateOptions exact;
  exact.exact = true;
  constexpr int kGates = 200;
  int alarms = 0, inconclusive = 0;
  for (int gate = 0; gate < kGates; ++gate) {
    // Seeds follow the number of the look: every gate has its own, the baseline's among them.
    const int seeds = (kMostLooks + 1) * gate;
    const Quantity before =
        certificate_kl(cell, "li-cai", seeds, look_accuracy(cell.margin, kMostLooks),
                       spending.baseline_level(), 1);
    const Change change = sequential_test(
        "kl", before, cell.margin, spending, exact, [&](int look, double accuracy, double level) {
          return certificate_kl(cell, "li-cai", seeds + look, accuracy, level, 1);
        });
    alarms += change.kind == ChangeKind::differs ? 1 : 0;
    inconclusive += change.kind == ChangeKind::inconclusive ? 1 : 0;
  }
  CHECK(alarms <= 0.2 * kGates);  // 1 observed: the union bound is generous
  CHECK(inconclusive <= 10);
}
