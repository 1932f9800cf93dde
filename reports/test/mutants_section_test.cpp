#include <doctest/doctest.h>

#include <memory>

#include "harness/studies/mutation/hunt.hpp"
#include "reports/page/report.hpp"
#include "reports/page/sections.hpp"
#include "reports/test/fake_cells.hpp"

using namespace lemmabench;

namespace {

/// One mutant caught, one that survives with a witness, one equal, two thresholds.
MutantRun made_up_run() {
  MutantRun out;
  out.bank = "quick";
  for (int i = 0; i < 20; ++i) {
    MutantOutcome caught;
    caught.record.base = "ddpm";
    caught.record.bug = "scale,of=b,by=" + std::to_string(i + 2);
    caught.caught = {{"law x", "tv", ChangeKind::differs, "changed by 3 %",
                      Quantity::computed(0.1, 1e-12), Quantity::computed(0.103, 1e-12)}};
    out.outcomes.push_back(caught);
  }
  MutantOutcome survivor;
  survivor.record.survives = "too small";
  survivor.record.witness.emplace();
  survivor.seen = {{"law y", "tv", ChangeKind::differs, "", {}, {}}};
  out.outcomes.push_back(survivor);
  out.equals.push_back({{"a", "b", "the same"}, 3, {}});
  out.thresholds.push_back({"ddpm", Coefficient::b, "line", "law x", 12});
  out.thresholds.push_back({"ddpm", Coefficient::sqrt_alpha, "line", "law x", kFinest});
  return out;
}

Verdict verdict_with(const MutantRun& run) {
  ReportData data = made_up_report();
  data.mutants = std::make_shared<const MutantRun>(run);
  return report_verdict(data);
}

}  // namespace

TEST_CASE("the section of planted bugs shows catches, survivors and thresholds") {
  CHECK(mutants_section(nullptr).numbers.is_null());
  const MutantRun run = made_up_run();
  const auto page = mutants_section(&run).numbers;
  CHECK(page.at("caught") == 20);
  CHECK(page.at("total") == 21);
  CHECK(page.at("passed") == true);
  CHECK(page.at("rows")[0].at("quantity") == "tv");
  CHECK(page.at("rows")[20].at("caught") == false);
  CHECK(page.at("rows")[20].at("why") == "too small; seen by law y");
  CHECK(page.at("equals")[0].at("verdict_class") == "holds");
  const auto& table = page.at("tables")[0];
  CHECK(table.at("header")[0].at("text") == "sqrt_alpha");
  CHECK(table.at("rows")[0].at("entries")[0].at("text") == "<=1e-14");
  CHECK(table.at("rows")[0].at("entries")[1].at("text") == "1e-12");
}

TEST_CASE("a survivor nobody explains, or a false alarm, fails the report") {
  MutantRun run = made_up_run();
  CHECK(verdict_with(run) == Verdict::holds);
  MutantRun unexplained = run;
  unexplained.outcomes[0].caught.reset();
  CHECK(verdict_with(unexplained) == Verdict::violated);
  run.equals[0].flagged = run.outcomes[0].caught;
  CHECK(verdict_with(run) == Verdict::violated);
}
