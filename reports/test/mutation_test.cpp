// Planted bugs and what the gate makes of them, on laws that cost milliseconds.
#include <doctest/doctest.h>

#include <cmath>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <vector>

#include "cases/mutants/mutant_sampler.hpp"
#include "cases/sampler.hpp"
#include "cases/score_estimate.hpp"
#include "cases/target.hpp"
#include "harness/engines/gaussian/gaussian_law.hpp"
#include "harness/law/law.hpp"
#include "harness/test/law_request.hpp"
#include "harness/test/studies/mutant_samplers.hpp"
#include "numerics/error.hpp"
#include "reports/json/mutation_json.hpp"
#include "reports/text/mutation_text.hpp"

using namespace lemmabench;

namespace {

LawRequest small_law(const std::string& sampler, const std::string& target = "gauss-spread") {
  LawRequest out = request_for(target, sampler, 16);
  out.schedule = LogitSchedule{Rational(-4), Rational(4)};
  return out;
}

GateCell small_cell(const std::string& target = "gauss-spread") {
  GateCell out;
  out.request = small_law("", target);
  out.request.sampler.clear();
  return out;
}

Quantity total_variation(const LawRequest& request) {
  LawOptions options;
  options.decomposition = false;
  return compute_law(request, options).tv;
}

/// The law of a sampler that has no name.
Quantity total_variation(const Sampler& sampler) {
  LawOptions options;
  options.decomposition = false;
  const LawRequest request = small_law("ddpm");
  const Target target = make_target(request.target, "test");
  return compute_gaussian_law(std::get<GaussianLaw>(target.law), sampler,
                              *make_score("exact", "test"), request, options)
      .tv;
}

/// Proved twice, and the balls meet: they are 1e-40 wide, the mutants 1e-3 apart and more.
void require_same(const Quantity& a, const Quantity& b) {
  CHECK(a.enclosure().overlaps(b.enclosure()));
  CHECK(a.error() < 1e-15);
}

const char* const kSmallBank = R"(
[[mutant]]
base = "ddpm"
bug = "scale,of=b,by=2"
title = "b doubled"
[[mutant]]
base = "li-cai"
bug = "clip,by=4"
title = "clipped, which no Gaussian law takes"
[[mutant]]
base = "li-cai"
bug = "swap,of=b1,for=b"
title = "a coefficient that li-cai does not use"
survives = "it is no mutant at all"
witness = { target = "gauss-flat", steps = 8, schedule = "logit:from=-1,to=1" }
[[equal]]
base = "ddpm-posterior"
sampler = "euler-ancestral"
title = "eta = 1"
[[equal]]
base = "ddpm"
sampler = "ddpm-posterior"
title = "they are not"
)";

void require_refused(const std::string& document, const std::string& message) {
  CAPTURE(document);
  try {
    parse_mutant_bank(document, "bank.toml");
    FAIL_CHECK("was taken");
  } catch (const InputError& error) {
    CHECK(std::string(error.what()).find(message) != std::string::npos);
    INFO(error.what());
  }
}

}  // namespace

TEST_CASE("a mutant has the law of the same bug written by hand") {
  const auto outside = test::make_mutant<test::NoiseOutsideBracket>();
  require_same(total_variation(small_law("mutant:base=li-huang-sde,bug=noise-bracket,by=1,on=2")),
               total_variation(outside));
  const auto neighbour = test::make_mutant<test::WrongNeighbour>();
  require_same(total_variation(small_law("mutant:base=li-cai,bug=score-level,by=1,on=2")),
               total_variation(neighbour));
}

TEST_CASE("a bug of no amount changes no bit of a law") {
  for (const char* target : {"gauss-spread", "mixture-near"}) {
    const Quantity right = total_variation(small_law("ddpm", target));
    const Quantity same =
        total_variation(small_law("mutant:base=ddpm,bug=scale,of=b,by=1", target));
    CHECK(right.value() == same.value());
    CHECK(right.error() == same.error());
  }
}

TEST_CASE("the start with a wrong variance is a bug at the first step") {
  // T = 2 on N(0, 0.3): the start has variance 4 in place of 1, so that Var Y_1 = (slope^2 4 +
  // b)/alpha with ddpm's slope 1 - b/Var X_2.
  LawRequest request =
      small_law("mutant:base=ddpm,bug=state-scale,by=2,at=first", "gaussian:dim=1,variance=0.3");
  request.steps = 2;
  request.schedule = LogitSchedule{Rational(-1, 4), Rational(1, 4)};
  const LawResult law = compute_law(request, LawOptions{});
  const double abar = 1 / (1 + std::exp(0.25));
  const double abar1 = 1 / (1 + std::exp(-0.25));
  const double b = 1 - abar / abar1;
  const double slope = 1 - b / (abar * 0.3 + 1 - abar);
  const double variance = (slope * slope * 4 + b) / (abar / abar1);
  const double wanted = variance / (abar1 * 0.3 + 1 - abar1) - 1;
  // A dozen roundings on numbers near 1; observed 4e-16.
  CHECK(std::abs(law.relative_variance_error[0].value.value() - wanted) < 4e-15);
}

TEST_CASE("the built-in bank has a mutant of every sampler") {
  const MutantBank bank = built_in_mutant_bank("quick");
  CHECK(bank.records.size() >= 40);
  std::set<std::string> bases;
  std::set<BugKind> kinds;
  for (const MutantRecord& record : bank.records) {
    CHECK(make_sampler(record.mutant, "test")->text() == record.mutant);
    bases.emplace(make_sampler(record.base, "test")->info().id);
    Spec spec = Spec::parse("bug:bug=" + record.bug, "test");
    kinds.insert(Bug::read(spec).kind);
  }
  for (const SamplerInfo* info : all_samplers()) {
    CAPTURE(info->id);
    CHECK(bases.count(std::string(info->id)) == 1);
  }
  CHECK(kinds.size() == bug_kinds().size());
  CHECK(bank.equals.size() >= 3);
}

TEST_CASE("the gate catches mutants, and says which number did it") {
  const MutantBank bank = parse_mutant_bank(kSmallBank, "bank.toml");
  const MutantRun run = hunt_mutants(bank, {small_cell()}, 1);
  REQUIRE(run.outcomes.size() == 3);
  const MutantOutcome& doubled = run.outcomes[0];
  REQUIRE(doubled.caught);
  CHECK(doubled.caught->quantity == "tv");
  CHECK(doubled.caught->kind == ChangeKind::differs);
  CHECK(doubled.cells == 1);
  CHECK(doubled.score_calls == 15);
  CHECK(doubled.as_recorded());
  // A refusal says nothing of the law.
  CHECK(!run.outcomes[1].caught);
  const MutantRun more = hunt_mutants(bank, {small_cell(), small_cell("mixture-near")}, 2);
  CHECK(more.outcomes[1].caught->quantity == "tv");
  CHECK(more.outcomes[1].cells == 2);
  // An equivalent is no mutant: its witness sees nothing, and the record is wrong.
  CHECK(!run.outcomes[2].caught);
  CHECK(!run.outcomes[2].seen);
  CHECK(!run.outcomes[2].as_recorded());
  CHECK(!run.passed());
  // Equals pass, others do not.
  CHECK(!run.equals[0].flagged);
  CHECK(run.equals[1].flagged);
}

TEST_CASE("a bug that happens to help is seen by the exact gate alone") {
  const MutantBank bank = parse_mutant_bank(
      "[[mutant]]\nbase = \"ddpm\"\nbug = \"noise-bracket,by=1\"\ntitle = \"outside\"\n",
      "bank.toml");
  GateCell cell;
  cell.request.target = "gauss-spread";
  cell.request.schedule = LogitSchedule{Rational(-3, 10), Rational(3, 10)};
  cell.request.steps = 2;
  cell.request.start = Start::exact;
  const auto caught = hunt_mutants(bank, {cell}, 1).outcomes[0].caught;
  REQUIRE(caught);
  CHECK(caught->after->value() < caught->before->value());
  const MutantRun ordinary = hunt_mutants(bank, {cell}, 1, false);
  CHECK(!ordinary.outcomes[0].caught);
  CHECK(!ordinary.exact);
}

TEST_CASE("a run passes exactly if all is as recorded and there is no false alarm") {
  MutantBank bank = parse_mutant_bank(kSmallBank, "bank.toml");
  bank.records.resize(1);
  bank.equals.pop_back();
  CHECK(hunt_mutants(bank, {small_cell()}, 1).passed());
  MutantBank wrong = bank;
  wrong.records[0].survives = "it does not";
  wrong.records[0].witness = small_cell("gauss-flat");
  CHECK(!hunt_mutants(wrong, {small_cell()}, 1).passed());
  MutantRun run = hunt_mutants(bank, {small_cell()}, 1);
  run.outcomes[0].caught.reset();
  CHECK(!run.passed());
}

TEST_CASE("a run comes back from its JSON") {
  MutantRun run = hunt_mutants(parse_mutant_bank(kSmallBank, "bank.toml"), {small_cell()}, 1);
  run.thresholds.push_back({"ddpm", Coefficient::b, "line", "law x", 12});
  run.thresholds.push_back({"ddpm", Coefficient::h, "line", "law x", 0});
  const std::string text = mutants_json(run, true).dump();
  const MutantRun back = mutants_from_json(text, "file");
  // Printing widens an error a little each time; all else is the same to the byte.
  CHECK(back.outcomes[0].caught->before->interval().contains(
      run.outcomes[0].caught->before->interval()));
  const auto without_numbers = [](MutantRun one) {
    for (auto* caught : {&one.outcomes[0].caught, &one.equals[1].flagged}) {
      (*caught)->before.reset();
      (*caught)->after.reset();
    }
    return mutants_json(one, true).dump();
  };
  CHECK(without_numbers(back) == without_numbers(run));
  CHECK(mutants_text(back, true) == mutants_text(run, true));
  CHECK(mutants_text(run, false).find("seconds") == std::string::npos);
  CHECK(mutants_text(run, false).find("FALSE ALARM on ddpm-posterior") != std::string::npos);
  const ThresholdTable table = threshold_tables(run.thresholds).front();
  CHECK(table.lines ==
        std::vector<std::vector<std::string>>{{"sampler", "b", "h"}, {"ddpm", "1e-12", ">1e-1"}});
  CHECK_THROWS_AS(mutants_from_json("{}", "file"), InputError);
  CHECK_THROWS_AS(mutants_from_json("no JSON", "file"), InputError);
}

TEST_CASE("a malformed bank is refused with its line") {
  const std::string good = "[[mutant]]\nbase = \"ddpm\"\nbug = \"skip,at=last\"\ntitle = \"x\"\n";
  CHECK(parse_mutant_bank(good, "bank.toml").records.size() == 1);
  require_refused("", "holds no [[mutant]]");
  require_refused(good + good, "stands twice");
  require_refused("[[mutant]]\nbase = \"ddpm\"\ntitle = \"x\"\n", "bank.toml:1: needs bug = ...");
  require_refused(good + "bugs = 1\n", "bugs");
  require_refused("[[mutant]]\nbase = \"ddqm\"\nbug = \"skip,at=last\"\ntitle = \"x\"\n",
                  "unknown sampler 'ddqm'");
  require_refused("[[mutant]]\nbase = \"ddpm\"\nbug = \"skips,at=last\"\ntitle = \"x\"\n",
                  "unknown bug 'skips'");
  require_refused(good + "survives = \"why\"\n", "both survives");
  require_refused("mutant = 3\n", "[[mutant]]");
  CHECK_THROWS_AS(built_in_mutant_bank("quik"), InputError);
  const MutantBank bank = parse_mutant_bank(kSmallBank, "bank.toml");
  CHECK(bank.filtered("^mutant:base=ddpm").records.size() == 1);
  CHECK_THROWS_AS(bank.filtered("nothing like it"), InputError);
  CHECK_THROWS_AS(bank.filtered("("), InputError);
}
