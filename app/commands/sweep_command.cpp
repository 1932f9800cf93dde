#include "app/commands/sweep_command.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>
#include <string>

#include "app/commands/shared_options.hpp"
#include "harness/io/files.hpp"
#include "harness/law/law.hpp"
#include "harness/plugin/guarded_law.hpp"
#include "harness/records/request_text.hpp"
#include "harness/studies/sweep/sweep.hpp"
#include "harness/studies/sweep/sweep_grid.hpp"

namespace lemmabench {
namespace {

struct SweepFlags {
  std::string grid;
  std::string store;
  int threads = 1;
  bool retry_failed = false;
  ChildLimits limits;
};

/// The failures by their message: one line each, with how many cells it concerns and the first.
std::string failures_text(const std::vector<StoreCell>& failures) {
  std::vector<std::pair<const StoreCell*, std::size_t>> kinds;
  for (const StoreCell& cell : failures) {
    const auto same = std::find_if(kinds.begin(), kinds.end(), [&](const auto& kind) {
      return kind.first->result == cell.result;
    });
    if (same == kinds.end()) {
      kinds.emplace_back(&cell, 1);
    } else {
      ++same->second;
    }
  }
  std::string out;
  for (const auto& [cell, count] : kinds) {
    out += fmt::format("failed, {} cell{}: {}\n  first: {}\n", count, count == 1 ? "" : "s",
                       cell->result, command_text(cell->request));
  }
  return out;
}

void run(const SweepFlags& flags, CommandOutcome& outcome) {
  // Everything the user wrote is read before the store is touched.
  const SweepGrid grid = parse_sweep_grid(read_file(flags.grid), flags.grid);
  Store store(flags.store);
  const SweepSummary summary = run_sweep(
      sweep_requests(grid), store, flags.threads,
      [guard = guard_with(flags.limits)](const LawRequest& request) {
        LawOptions options;
        options.threads = 1;  // the cells themselves run side by side
        options.guard = guard;
        return compute_law(request, options);
      },
      flags.retry_failed);
  const std::string text =
      fmt::format("{}{} cells in {}: {} computed, {} there already, {} failed\n",
                  failures_text(summary.failures), summary.cells, flags.store, summary.computed,
                  summary.resumed, summary.failures.size());
  std::fwrite(text.data(), 1, text.size(), stdout);
  outcome.exit_code = summary.failures.empty() ? 0 : 1;
}

}  // namespace

void add_sweep_command(CLI::App& app, CommandOutcome& outcome) {
  auto flags = std::make_shared<SweepFlags>();
  CLI::App* sweep = app.add_subcommand(
      "sweep", "Many laws: the cells of a grid, kept in one file; resumes by itself");
  sweep->add_option("GRID", flags->grid, "the grid, a TOML file (see below)")->required();
  sweep->add_option("--store", flags->store, "the file that keeps the results (SQLite)")
      ->required();
  add_threads_option(*sweep, flags->threads, "--jobs");
  sweep->add_flag("--retry-failed", flags->retry_failed,
                  "compute cells again that failed in an earlier run");
  add_limit_options(*sweep, flags->limits);
  sweep->footer(
      "A grid is the product of its lists; one value may stand without its list:\n"
      "  targets = [\"gauss-flat\", \"mixture-three\"]\n"
      "  samplers = [\"ddpm\", \"li-cai\", \"li-cai-momentum\"]\n"
      "  steps = { from = 128, to = 2048, factor = 2 }    # or a list, [128, 256, 512]\n"
      "  schedules = [\"li-cai:c0=2,c1=9\"]                 # from here on: the defaults\n"
      "  starts = [\"gaussian\"]                            # \"exact\": the law of X_T\n"
      "  scores = [\"exact\"]\n"
      "  digits = [0]                                     # 0: the engine's default\n"
      "  arithmetics = [\"ball\"]                           # Gaussian law: ball, mp, double;\n"
      "                                                   # \"certificate:0.05\": bounded to 5 %\n"
      "Cells that are in the store are not computed again, so an interrupted sweep goes on where "
      "it\n"
      "was. A cell that fails is kept with its message and the others go on; the exit code is then "
      "1.\n"
      "Next: lemmabench fit FILE.sqlite");
  sweep->callback([flags, &outcome] { run(*flags, outcome); });
}

}  // namespace lemmabench
