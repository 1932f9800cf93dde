#include "harness/studies/report_suite/report_study.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <utility>

#include "harness/law/law.hpp"
#include "harness/records/law_json.hpp"
#include "harness/records/request_text.hpp"
#include "harness/records/store.hpp"
#include "harness/studies/audit/audit.hpp"
#include "harness/studies/claims/claim_cases.hpp"
#include "harness/studies/claims/exact_laboratory.hpp"
#include "harness/studies/claims/verification.hpp"
#include "harness/studies/complexity/complexity.hpp"
#include "harness/studies/heavy_tails/heavy_tails.hpp"
#include "harness/studies/mutation/hunt.hpp"
#include "harness/studies/report_suite/suite.hpp"
#include "harness/studies/sweep/stored_laws.hpp"
#include "harness/studies/sweep/sweep.hpp"
#include "harness/studies/worst_case/families.hpp"
#include "harness/studies/worst_case/worst_case.hpp"

namespace lemmabench {
namespace {

namespace fs = std::filesystem;

/// Cells that failed, in words.
std::vector<std::string> failures_text(const std::vector<StoreCell>& failures) {
  std::vector<std::string> out;
  for (const StoreCell& cell : failures) {
    out.push_back(fmt::format("{} on {}, {} steps: {}", cell.request.sampler, cell.request.target,
                              cell.request.steps, cell.result));
  }
  return out;
}

/// The quick report leaves out these cases, which take as long as all others together; `verify` has
/// them, and the full report.
constexpr const char* kQuickReportCases =
    "*,!mixture-far,!mixture-unbalanced,!two-scale:*,!contaminated:*,!contaminated,!hypercube:*";

/// The ledger of the same suite, with the false twins.
std::shared_ptr<const LedgerData> run_suite_ledger(const ReportSuite& suite) {
  LedgerRequest request;
  request.effort.full = suite.name == "full";
  request.threads = suite.threads;
  auto out = std::make_shared<LedgerData>();
  ExactLaboratory laboratory;
  if (!request.effort.full) request.cases = kQuickReportCases;
  out->ledger = run_ledger(request, laboratory);
  request.cases = "*";
  request.controls = true;
  out->controls = run_ledger(request, laboratory);
  for (const char* claim : {"N1", "N2", "N3"}) {
    for (const char* target : {"gauss-flat", "mixture-three"}) {
      const Case subject = make_target_case(target, "report");
      out->necessity.emplace_back(target, necessity_table(claim, subject, request.effort));
    }
  }
  return out;
}

/// The quick search knows the families whose laws cost milliseconds.
WorstCaseRequest worst_case_request(bool full) {
  WorstCaseRequest request;
  request.schedule = LiCaiSchedule{};
  request.dims = full ? std::vector<long>{1, 4, 16, 64} : std::vector<long>{1, 16};
  request.budget = full ? 12 : 2;
  for (const TargetFamily& family : worst_case_families()) {
    const bool gaussian = family.id.starts_with("gaussian");
    if (full || gaussian) request.families.push_back(family.id);
  }
  return request;
}

void add_studies(const ReportSuite& suite, Store& store, ReportData& data) {
  const bool full = suite.name == "full";
  StoredLaws exact_start(store, exact_start_laws());
  data.worst_case = std::make_shared<const WorstCaseResult>(
      find_worst_cases(worst_case_request(full), exact_start, suite.threads));
  StoredLaws laws(store, exact_start_laws());
  data.heavy_tails = std::make_shared<const HeavyTailResult>(
      study_heavy_tails(full ? full_heavy_tails() : quick_heavy_tails(), laws, suite.threads));
  store.finish();
}

/// The catalogue of schemes. Laws of noise with memory cost minutes where the calls are many: the
/// quick suite has those of 32 calls, the full one all of 128.
Audit audit_catalogue(const ReportSuite& suite) {
  AuditRequest request;
  request.schemes = read_schemes(kCatalogueOfSchemes, "report:").schemes;
  request.targets = default_audit_targets();
  if (suite.name != "full") request.targets.pop_back();
  request.most_calls = suite.name == "full" ? 128 : 32;
  request.threads = suite.threads;
  return run_audit(std::move(request));
}

/// Every planted bug and every threshold: two minutes on two cores, so only in the full suite.
std::shared_ptr<const MutantRun> run_mutants(int threads) {
  const std::vector<GateCell> plan = built_in_gate_plan("quick");
  auto out =
      std::make_shared<MutantRun>(hunt_mutants(built_in_mutant_bank("quick"), plan, threads));
  add_thresholds(*out, plan, threads);
  return out;
}

/// The built-in plan of which the store holds most searched curves, if any.
std::shared_ptr<const Atlas> widest_atlas(const std::vector<StoreCell>& cells) {
  const auto searched = [](const Atlas& atlas) {
    return std::count_if(atlas.curves.begin(), atlas.curves.end(),
                         [](const AtlasCurve& curve) { return curve.failure.empty(); });
  };
  std::shared_ptr<const Atlas> best;
  for (const char* plan : {"full", "quick"}) {
    Atlas atlas = read_atlas(built_in_atlas_plan(plan), cells);
    if (searched(atlas) > (best ? searched(*best) : 0)) {
      best = std::make_shared<const Atlas>(std::move(atlas));
    }
  }
  return best;
}

/// The questions of an atlas, whatever their steps: its cells crowd around each T* and are no
/// series to fit an order to.
std::set<std::string> atlas_keys(const Atlas* atlas) {
  std::set<std::string> out;
  if (atlas == nullptr) return out;
  for (const AtlasCurve& curve : atlas->curves) {
    const AtlasFamily& family = atlas->plan.families[curve.family];
    out.insert(
        series_text(atlas->plan.request(family, family.members[curve.member], curve.sampler, 0)));
  }
  return out;
}

}  // namespace

ReportData run_report_suite(const ReportSuite& suite) {
  const std::vector<LawRequest> requests = suite_requests(suite.name);
  const fs::path path = suite.directory / "cells.sqlite";
  Store store(path);
  const SweepSummary summary = run_sweep(requests, store, suite.threads, suite_law);
  ReportData data;
  data.left_out = failures_text(summary.failures);
  data.origin = suite.name + " suite";
  data.command = fmt::format("lemmabench report --suite {} -o out/report", suite.name);
  for (const LawRequest& request : requests) {
    const auto cell = store.find(request);
    if (cell && !cell->failed) {
      data.cells.push_back(law_from_json(cell->result, path.string()));
      data.cells.back().request = request;
    }
  }
  Store laws(suite.directory / "atlas.sqlite");
  data.atlas = std::make_shared<const Atlas>(
      run_atlas(built_in_atlas_plan(suite.name), laws, suite.threads, atlas_laws()));
  add_studies(suite, laws, data);
  data.audit = std::make_shared<const Audit>(audit_catalogue(suite));
  data.ledger = run_suite_ledger(suite);
  if (suite.name == "full" && suite.plant_bugs) data.mutants = run_mutants(suite.threads);
  return data;
}

ReportData report_of_store(const fs::path& path) {
  ReportData data;
  data.origin = path.filename().string();
  data.command = fmt::format("lemmabench report {} -o out/report", data.origin);
  const std::vector<StoreCell> cells = read_store(path);
  data.atlas = widest_atlas(cells);
  const std::set<std::string> in_atlas = atlas_keys(data.atlas.get());
  std::vector<StoreCell> failures;
  for (const StoreCell& cell : cells) {
    if (cell.request.arithmetic.is_certificate() || in_atlas.count(series_text(cell.request)) > 0) {
      continue;
    }
    if (cell.failed) {
      failures.push_back(cell);
    } else {
      data.cells.push_back(law_from_json(cell.result, path.string()));
    }
  }
  data.left_out = failures_text(failures);
  return data;
}

}  // namespace lemmabench
