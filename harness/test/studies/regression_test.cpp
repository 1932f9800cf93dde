#include "harness/studies/regression/regression.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include "harness/io/files.hpp"
#include "harness/studies/regression/changes_json.hpp"
#include "harness/test/scratch.hpp"
#include "numerics/error.hpp"

using namespace lemmabench;

namespace {

/// One number: computed unless said otherwise.
CellAnswer answer(double value, double error, Sense sense = Sense::lower_is_better) {
  CellAnswer out;
  out.numbers.push_back({"x", Quantity::computed(value, error), sense});
  return out;
}

Change compared(const CellAnswer& before, const CellAnswer& after,
                const GateOptions& options = {}) {
  const std::vector<Change> changes = compare_answers(before, after, options);
  REQUIRE(changes.size() == 1);
  return changes.front();
}

GateOptions exact_options() {
  GateOptions out;
  out.exact = true;
  return out;
}

/// Three cheap cells: a Gaussian with local errors, a mixture, another Gaussian.
const std::vector<GateCell>& small_plan() {
  static const std::vector<GateCell> kCells = parse_gate_plan(
      "[[law]]\n"
      "targets = 'gauss-spread'\nsteps = 8\nschedules = 'logit:from=-1,to=1'\nlocal = true\n"
      "[[law]]\n"
      "targets = ['mixture-near', 'gauss-shifted']\nsteps = 3\nschedules = "
      "'logit:from=-0.3,to=0.3'\nstarts = 'exact'\n",
      "plan.toml");
  return kCells;
}

/// The midpoint form of li-cai as a file, with `coefficient` in the place of b/(2 sqrt(alpha)).
std::string write_midpoint(const Scratch& scratch, const std::string& coefficient) {
  const auto path = scratch / "mine.toml";
  write_file_atomically(path, "[[stage]]\nname = 'mid'\ny = '1/sqrt(alpha)'\ns = '" + coefficient +
                                  "'\n[[stage]]\ny = '1/sqrt(alpha)'\n's(t-1, mid)' = 'b/alpha'\n"
                                  "z = 'sqrt(b/alpha)'\n");
  return path.string();
}

}  // namespace

TEST_CASE("the gate compares what is not finite by what it is") {
  const auto of = [](Quantity value) {
    CellAnswer out;
    out.numbers.push_back({"x", std::move(value), Sense::lower_is_better});
    return out;
  };
  const CellAnswer number = answer(1, 1e-9);
  const CellAnswer infinite = of(Quantity::infinite(Evidence::computed, "tails"));
  const CellAnswer unknown = of(Quantity::unknown(Evidence::computed, "lost"));
  const CellAnswer bound = of(Quantity::at_most(Quantity::computed(1, 0)));
  CHECK(compared(infinite, infinite).kind == ChangeKind::unchanged);
  CHECK(compared(unknown, unknown).kind == ChangeKind::unchanged);
  const Change worse = compared(number, infinite);
  CHECK(worse.kind == ChangeKind::regression);
  CHECK(worse.failure);
  CHECK(worse.reason == "was finite, is infinite");
  CHECK(compared(infinite, number).kind == ChangeKind::improved);
  CHECK_FALSE(compared(infinite, number).failure);
  CHECK(compared(infinite, number, exact_options()).failure);
  CHECK(compared(number, unknown).kind == ChangeKind::inconclusive);
  CHECK(compared(number, unknown).failure);
  CHECK(compared(number, bound).kind == ChangeKind::inconclusive);
}

TEST_CASE("gate: intervals that overlap are unchanged, disjoint ones are judged by their sense") {
  CHECK(compared(answer(1, 0.1), answer(1.15, 0.1)).kind == ChangeKind::unchanged);
  CHECK(compared(answer(1, 0.01), answer(1.15, 0.01)).kind == ChangeKind::regression);
  CHECK(compared(answer(1, 0.01), answer(1.15, 0.01)).failure);
  CHECK(compared(answer(1, 0.01), answer(0.9, 0.01)).kind == ChangeKind::improved);
  CHECK_FALSE(compared(answer(1, 0.01), answer(0.9, 0.01)).failure);
  const Sense higher = Sense::higher_is_better;
  CHECK(compared(answer(2, 0.01, higher), answer(1, 0.01, higher)).kind == ChangeKind::regression);
  CHECK(compared(answer(1, 0.01, higher), answer(2, 0.01, higher)).kind == ChangeKind::improved);
  // The last bit of a double decides when nobody claims an error.
  const double next = std::nextafter(1.0, 2.0);
  CHECK(compared(answer(1, 0), answer(next, 0)).kind == ChangeKind::regression);
}

TEST_CASE("gate: exact comparisons fail for the better too, and judge details") {
  const Change better = compared(answer(1, 0.01), answer(0.9, 0.01), exact_options());
  CHECK(better.kind == ChangeKind::differs);
  CHECK(better.failure);
  const Sense detail = Sense::detail;
  const Change seen = compared(answer(1, 0.01, detail), answer(3, 0.01, detail));
  CHECK(seen.kind == ChangeKind::differs);
  CHECK_FALSE(seen.failure);
  CHECK(compared(answer(1, 0.01, detail), answer(3, 0.01, detail), exact_options()).failure);
}

TEST_CASE("gate: a tolerance forgives so much and no more") {
  GateOptions options;
  options.tolerance = 0.1;
  CHECK(compared(answer(1, 0), answer(1.09, 0), options).kind == ChangeKind::unchanged);
  CHECK(compared(answer(1, 0), answer(1.11, 0), options).kind == ChangeKind::regression);
  const Sense higher = Sense::higher_is_better;
  CHECK(compared(answer(2, 0, higher), answer(1.81, 0, higher), options).kind ==
        ChangeKind::unchanged);
  CHECK(compared(answer(2, 0, higher), answer(1.79, 0, higher), options).kind ==
        ChangeKind::regression);
}

TEST_CASE("gate: an error that hides the answer is inconclusive and a failure") {
  const Change wide = compared(answer(1, 1e-6), answer(1, 0.2));
  CHECK(wide.kind == ChangeKind::inconclusive);
  CHECK(wide.failure);
  // Below a tenth of the value it decides; nor is it news where the old error was like that.
  CHECK(compared(answer(1, 1e-6), answer(1, 0.09)).kind == ChangeKind::unchanged);
  CHECK(compared(answer(1e-17, 1e-15), answer(2e-17, 9e-15)).kind == ChangeKind::unchanged);
  CHECK(compared(answer(1e-17, 1e-15), answer(2e-17, 1e-13)).kind == ChangeKind::inconclusive);
  // A wide error that nevertheless shows a change is no excuse.
  CHECK(compared(answer(1, 1e-6), answer(9, 2)).kind == ChangeKind::regression);
}

TEST_CASE("gate: missing numbers, failed cells and verdicts") {
  CHECK(compared(answer(1, 0), CellAnswer{}).kind == ChangeKind::missing);
  CHECK(compared(answer(1, 0), CellAnswer{}).failure);
  CellAnswer crashed;
  crashed.failure = "it crashed";
  CHECK(compared(answer(1, 0), crashed).kind == ChangeKind::failed);
  CHECK(compared(answer(1, 0), crashed).failure);

  CellAnswer holds, violated, unclear;
  holds.verdict = Verdict::holds;
  violated.verdict = Verdict::violated;
  unclear.verdict = Verdict::inconclusive;
  CHECK(compared(holds, holds).kind == ChangeKind::unchanged);
  CHECK(compared(holds, violated).kind == ChangeKind::regression);
  CHECK(compared(holds, unclear).kind == ChangeKind::inconclusive);
  CHECK(compared(holds, unclear).failure);
  CHECK(compared(violated, violated).kind == ChangeKind::unchanged);
  CHECK(compared(violated, holds).kind == ChangeKind::improved);
  CHECK_FALSE(compared(violated, holds).failure);
  CHECK(compared(violated, holds, exact_options()).failure);
  CHECK(compared(holds, CellAnswer{}).kind == ChangeKind::missing);
}

TEST_CASE("gate: ignored quantities are shown and do not fail") {
  GateOptions options;
  options.ignore = "score*,x";
  const Change change = compared(answer(1, 0), answer(2, 0), options);
  CHECK(change.kind == ChangeKind::regression);
  CHECK_FALSE(change.failure);
}

TEST_CASE("gate: sampled numbers are compared with widened errors") {
  CellAnswer before, after;
  before.numbers.push_back({"x", Sampled{1, 0.1, 0.99}});
  after.numbers.push_back({"x", Sampled{1.3, 0.1, 0.99}});
  CHECK(compare_answers(before, after, {}, 1).front().kind == ChangeKind::regression);
  CHECK(compare_answers(before, after, {}, 2).front().kind != ChangeKind::regression);
}

TEST_CASE("gate: a sampler passes its own baseline with nothing changed") {
  const Baseline baseline = make_baseline(small_plan(), "li-cai", 1);
  REQUIRE(baseline.cells.size() == 3);
  CHECK(baseline.left_out.empty());
  const GateReport report = run_gate(baseline, "li-cai", exact_options());
  CHECK(report.passed());
  CHECK(report.cells.size() == 3);
  // 4 distances, the score calls, variance errors of both eigenvalues and 7 local errors, ...
  CHECK(report.count(ChangeKind::unchanged) == (4 + 1 + 2 + 7) + (4 + 1) + (4 + 1 + 1));
  CHECK(report.first_failure() == nullptr);
}

TEST_CASE("gate: a reimplementation is the same, one wrong in the ninth digit is not") {
  const Scratch scratch;
  const Baseline baseline = make_baseline(small_plan(), "li-cai", 1);
  CHECK(run_gate(baseline, write_midpoint(scratch, "b/(2*sqrt(alpha))"), exact_options()).passed());
  const GateReport report =
      run_gate(baseline, write_midpoint(scratch, "1.000000001*b/(2*sqrt(alpha))"), exact_options());
  CHECK_FALSE(report.passed());
  for (const CellReport& cell : report.cells) {
    CAPTURE(cell.cell->id());
    CHECK(cell.failed());
  }
}

TEST_CASE("gate: a mistake is a regression, and an improvement passes") {
  const Scratch scratch;
  const Baseline baseline = make_baseline(small_plan(), "li-cai", 1);
  const GateReport wrong = run_gate(baseline, write_midpoint(scratch, "b/sqrt(alpha)"), {});
  CHECK_FALSE(wrong.passed());
  CHECK(wrong.count(ChangeKind::regression) > 0);
  REQUIRE(wrong.first_failure() != nullptr);
  CHECK(wrong.first_failure()->changes.front().kind == ChangeKind::regression);

  const Baseline plain = make_baseline(small_plan(), "ddpm", 1);
  GateOptions options;
  CHECK_FALSE(run_gate(plain, "li-cai", options).passed());  // it takes two scores a step
  options.ignore = "score_calls";
  const GateReport better = run_gate(plain, "li-cai", options);
  CHECK(better.passed());
  CHECK(better.count(ChangeKind::improved) == 12);
}

TEST_CASE("gate: what the engine refuses fails its cell, and the others go on") {
  // Two noises inside a kernel, which a Gaussian law takes and the line law does not.
  const Scratch scratch;
  const std::string twice = (scratch / "twice.toml").string();
  write_file_atomically(twice,
                        "[[stage]]\nname = 'a'\ny = 1\ns = 'b'\nz = 'b'\n[[stage]]\nname = 'c'\n"
                        "y = '1/2'\na = '1/2'\nz = 'b'\n[[stage]]\ny = 1\nc = '1/9'\nz = 'b'\n");
  const Baseline baseline = make_baseline(small_plan(), "li-cai", 1);
  GateOptions options;
  options.ignore = "tv,kl*,hellinger,score_calls";
  const GateReport report = run_gate(baseline, twice, options);
  REQUIRE(report.cells.size() == 3);
  CHECK_FALSE(report.passed());
  CHECK(report.cells[1].failed());
  CHECK(report.cells[1].changes.front().kind == ChangeKind::failed);
  CHECK(report.cells[2].unchanged + static_cast<long>(report.cells[2].changes.size()) == 6);
  // In a baseline of its own that cell is left out and named.
  const Baseline own = make_baseline(small_plan(), twice, 1);
  CHECK(own.cells.size() == 2);
  REQUIRE(own.left_out.size() == 1);
  CHECK(own.left_out.front().find("law mixture-near T=3") == 0);
  CHECK(own.complete);
}

TEST_CASE("gate: nothing compared is no pass") {
  Baseline empty;
  empty.sampler = "ddpm";
  CHECK_FALSE(run_gate(empty, "ddpm", {}).passed());
  const Baseline baseline = make_baseline(small_plan(), "ddpm", 1);
  GateOptions options;
  options.cells = "certificate*";
  CHECK_THROWS_AS(run_gate(baseline, "ddpm", options), InputError);
  options.cells = "law mixture*";
  CHECK(run_gate(baseline, "ddpm", options).cells.size() == 1);
  CHECK_THROWS_AS(run_gate(baseline, "no-such-sampler", {}), InputError);
}

TEST_CASE("gate: it stops at the first failure if asked, and threads do not matter") {
  const Baseline baseline = make_baseline(small_plan(), "ddpm", 1);
  GateOptions options = exact_options();
  const GateReport all = run_gate(baseline, "ddpm-posterior", options);
  CHECK(all.cells.size() == 3);
  options.threads = 2;
  CHECK(gate_json(run_gate(baseline, "ddpm-posterior", options)) == gate_json(all));
  options.stop_at_first_failure = true;
  CHECK(run_gate(baseline, "ddpm-posterior", options).cells.size() == 1);
  CHECK(run_gate(baseline, "ddpm", options).cells.size() == 3);
}

TEST_CASE("gate: orders and their constants are compared") {
  const std::vector<GateCell> plan = parse_gate_plan(
      "[[order]]\ntargets = 'gauss-flat'\nsteps = [128, 256, 512, 1024]\narithmetics = 'double'\n",
      "plan.toml");
  const Baseline baseline = make_baseline(plan, "ddpm", 1);
  REQUIRE(baseline.cells.size() == 1);
  const CellAnswer& first = baseline.cells.front().answer;
  REQUIRE(first.numbers.size() == 6);
  CHECK(first.numbers[4].name == "order");
  CHECK(first.numbers[5].name == "constant of order 1");
  const GateReport report = run_gate(baseline, "li-cai", {});
  CHECK(report.passed());  // a higher order and smaller errors
  CHECK(report.count(ChangeKind::improved) == 6);
  const Baseline better = make_baseline(plan, "li-cai", 1);
  CHECK(run_gate(better, "ddpm", {}).count(ChangeKind::regression) == 6);
}

// One draw of random times has errors without an order: 0.4 +- 3.7 before.
TEST_CASE("gate: an order that says nothing is left out, and with its reason") {
  const std::vector<GateCell> plan = parse_gate_plan(
      "[[order]]\ntargets = 'gauss-spread'\nsteps = [128, 256, 512, 1024, 2048]\narithmetics = "
      "'double'\n",
      "p.toml");
  CHECK(plan.front().request.start == Start::exact);
  const auto order_of = [](const Baseline& baseline) -> const Measurement* {
    for (const Measurement& m : baseline.cells.front().answer.numbers) {
      if (m.name == "order") return &m;
    }
    return nullptr;
  };
  const Baseline steady = make_baseline(plan, "li-cai", 1);
  REQUIRE(order_of(steady) != nullptr);
  CHECK(order_of(steady)->value.error() < kMostOrderError);  // 2.93 +- 0.16
  CHECK(steady.left_out.empty());
  const Baseline drawn = make_baseline(plan, "gupta-midpoint:draw=0", 1);
  CHECK(order_of(drawn) == nullptr);
  CHECK(drawn.cells.front().answer.numbers.size() == 5);  // TV at every T
  REQUIRE(drawn.left_out.size() == 1);
  CHECK(drawn.left_out.front().find("does not tell one whole order from the next") !=
        std::string::npos);
  // A sampler that loses its order by it is told why.
  const GateReport report = run_gate(steady, "gupta-midpoint:draw=0", {});
  REQUIRE(report.first_failure() != nullptr);
  bool told = false;
  for (const Change& change : report.first_failure()->changes) {
    told = told || (change.quantity == "order" && change.kind == ChangeKind::missing &&
                    change.reason.find("does not tell") != std::string::npos);
  }
  CHECK(told);
}

TEST_CASE("gate: claims are evaluated with the sampler in the place of their own") {
  const std::vector<GateCell> plan =
      parse_gate_plan("[[claim]]\nclaims = 'D2'\ncases = 'gauss-spread'\n", "plan.toml");
  const Baseline baseline = make_baseline(plan, "li-cai", 1);
  REQUIRE(baseline.cells.size() == 1);
  CHECK(baseline.cells.front().answer.verdict == Verdict::holds);
  const GateReport report = run_gate(baseline, "ddpm", {});
  REQUIRE(report.first_failure() != nullptr);
  CHECK(report.first_failure()->changes.front().quantity == "verdict");
  CHECK(report.first_failure()->changes.front().kind == ChangeKind::regression);
}
