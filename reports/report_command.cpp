#include "reports/report_command.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <map>
#include <memory>
#include <set>
#include <string>

#include "harness/atlas/search.hpp"
#include "harness/certificate_law.hpp"
#include "harness/files.hpp"
#include "harness/heavy_tails/heavy_tails.hpp"
#include "harness/law_json.hpp"
#include "harness/ledger/claim_cases.hpp"
#include "harness/ledger/laboratory.hpp"
#include "harness/ledger/ledger.hpp"
#include "harness/mutants/mutants_json.hpp"
#include "harness/parallel.hpp"
#include "harness/progress.hpp"
#include "harness/store.hpp"
#include "harness/stored_laws.hpp"
#include "harness/sweep.hpp"
#include "harness/worst_case/families.hpp"
#include "harness/worst_case/worst_case.hpp"
#include "numerics/error.hpp"
#include "reports/ledger_data.hpp"
#include "reports/report.hpp"
#include "reports/suite.hpp"

namespace lemmabench {

namespace {

namespace fs = std::filesystem;

struct ReportFlags {
  std::string store;
  std::string suite;
  std::string output;
  std::string mutants;
  int threads = 1;
};

/// Cells that failed, in words; also said on stderr at once.
std::vector<std::string> failures_text(const std::vector<StoreCell>& failures) {
  std::vector<std::string> out;
  for (const StoreCell& cell : failures) {
    out.push_back(fmt::format("{} on {}, {} steps: {}", cell.request.sampler, cell.request.target,
                              cell.request.steps, cell.result));
    std::fprintf(stderr, "lemmabench: left out: %s\n", out.back().c_str());
  }
  return out;
}

void make_output_directory(const std::string& directory) {
  std::error_code failed;
  fs::create_directories(directory, failed);
  if (failed || !fs::is_directory(directory)) {
    throw InputError(fmt::format("-o {}: cannot be written: {}", directory,
                                 failed ? failed.message() : "not a directory"));
  }
}

/// The ledger of the same suite, with the false twins.
std::shared_ptr<const LedgerData> run_suite_ledger(const ReportFlags& flags) {
  LedgerRequest request;
  request.effort.full = flags.suite == "full";
  request.threads = flags.threads;
  auto out = std::make_shared<LedgerData>();
  ExactLaboratory laboratory;
  out->ledger = run_ledger(request, laboratory);
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

void add_studies(const ReportFlags& flags, Store& store, ReportData& data) {
  const bool full = flags.suite == "full";
  StoredLaws exact_start(store, exact_start_law);
  data.worst_case = std::make_shared<const WorstCaseResult>(
      find_worst_cases(worst_case_request(full), exact_start, flags.threads));
  StoredLaws laws(store, exact_start_law);
  data.heavy_tails = std::make_shared<const HeavyTailResult>(
      study_heavy_tails(full ? full_heavy_tails() : quick_heavy_tails(), laws, flags.threads));
  store.finish();
}

/// Every planted bug and every threshold: two minutes on two cores, so only in the full suite.
std::shared_ptr<const MutantRun> run_mutants(int threads) {
  const std::vector<GateCell> plan = built_in_gate_plan("quick");
  auto out =
      std::make_shared<MutantRun>(hunt_mutants(built_in_mutant_bank("quick"), plan, threads));
  add_thresholds(*out, plan, threads);
  return out;
}

ReportData from_suite(const ReportFlags& flags) {
  make_output_directory(flags.output);
  const std::vector<LawRequest> requests = suite_requests(flags.suite);
  const fs::path path = fs::path(flags.output) / "cells.sqlite";
  Store store(path);
  SweepSummary summary;
  {
    ProgressBar bar("cells", requests.size());
    summary = run_sweep(requests, store, flags.threads, [&bar](const LawRequest& request) {
      LawResult law = suite_law(request);
      bar.advance();
      return law;
    });
  }
  ReportData data;
  data.left_out = failures_text(summary.failures);
  data.origin = flags.suite + " suite";
  data.command = fmt::format("lemmabench report --suite {} -o out/report", flags.suite);
  for (const LawRequest& request : requests) {
    const auto cell = store.find(request);
    if (cell && !cell->failed) {
      data.cells.push_back(law_from_json(cell->result, path.string()));
      data.cells.back().request = request;
    }
  }
  Store laws(fs::path(flags.output) / "atlas.sqlite");
  data.atlas = std::make_shared<const Atlas>(
      run_atlas(built_in_atlas_plan(flags.suite), laws, flags.threads, atlas_law));
  add_studies(flags, laws, data);
  data.ledger = run_suite_ledger(flags);
  if (flags.suite == "full" && flags.mutants.empty()) data.mutants = run_mutants(flags.threads);
  return data;
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
        cell_key(atlas->plan.request(family, family.members[curve.member], curve.sampler, 0)));
  }
  return out;
}

ReportData from_store(const ReportFlags& flags) {
  ReportData data;
  data.origin = fs::path(flags.store).filename().string();
  data.command = fmt::format("lemmabench report {} -o out/report", data.origin);
  const std::vector<StoreCell> cells = read_store(flags.store);
  data.atlas = widest_atlas(cells);
  const std::set<std::string> in_atlas = atlas_keys(data.atlas.get());
  std::vector<StoreCell> failures;
  for (const StoreCell& cell : cells) {
    LawRequest any_steps = cell.request;
    any_steps.steps = 0;
    if (is_certificate(cell.request.arithmetic) || in_atlas.count(cell_key(any_steps)) > 0) {
      continue;
    }
    if (cell.failed) {
      failures.push_back(cell);
    } else {
      data.cells.push_back(law_from_json(cell.result, flags.store));
    }
  }
  data.left_out = failures_text(failures);
  return data;
}

/// The planted bugs of --mutants; null without it.
std::shared_ptr<const MutantRun> read_mutants(const ReportFlags& flags) {
  if (flags.mutants.empty()) return nullptr;
  return std::make_shared<const MutantRun>(
      mutants_from_json(read_file(flags.mutants), flags.mutants));
}

int run_report(const ReportFlags& flags) {
  const auto mutants = read_mutants(flags);
  ReportData data = flags.store.empty() ? from_suite(flags) : from_store(flags);
  if (mutants) data.mutants = mutants;
  const WrittenReport report = write_report(data, flags.output, flags.threads);
  std::printf("%s\n%s\n", report.headline.c_str(), report.index.c_str());
  return report.verdict == Verdict::violated ? 1 : 0;
}

}  // namespace

void add_report_command(CLI::App& app, CommandOutcome& outcome) {
  auto flags = std::make_shared<ReportFlags>();
  flags->threads = available_threads();
  CLI::App* report = app.add_subcommand(
      "report", "The scaling report: orders against theory, steps needed, parts of the error");
  auto* store =
      report->add_option("store", flags->store, "cells of `lemmabench sweep` to report on");
  report
      ->add_option("--suite", flags->suite,
                   "compute these cells first: quick (two minutes on two cores) or full")
      ->check(CLI::IsMember(suite_names()))
      ->excludes(store);
  report
      ->add_option("-o,--output", flags->output,
                   "directory for index.html, report.json, figures/ and tables/; made if need be")
      ->required();
  report->add_option("--mutants", flags->mutants,
                     "what `lemmabench mutants --format json -o FILE` wrote, to be shown; the full "
                     "suite plants the bugs itself");
  report->add_option("--threads", flags->threads, "threads; the bytes do not depend on it")
      ->check(CLI::Range(1, 1024));
  report->footer(
      "index.html is self-contained: figures are inside, nothing is loaded from elsewhere. Beside\n"
      "it, each figure as SVG, PDF, CSV and gnuplot script, the tables as CSV, and report.json.\n"
      "With --suite the cells are kept in DIR/cells.sqlite: run the command again after an\n"
      "interruption and it goes on where it stopped.\n"
      "Exit code 1 if an order is slower than expected, the parts of an error do not add up, a "
      "claim\nthat no finding refutes is violated, a false twin was not caught, or a planted bug "
      "survives\nunexplained.\n\n"
      "Examples:\n"
      "  lemmabench report --suite quick -o out/report\n"
      "  lemmabench sweep grid.toml --store cells.sqlite && lemmabench report cells.sqlite -o out");
  report->callback([flags, &outcome] {
    if (flags->store.empty() && flags->suite.empty()) flags->suite = "quick";
    outcome.exit_code = run_report(*flags);
  });
}

}  // namespace lemmabench
