#include "app/commands/compare_command.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "app/commands/shared_options.hpp"
#include "harness/io/files.hpp"
#include "harness/plugin/guarded_law.hpp"
#include "harness/studies/regression/baseline_json.hpp"
#include "harness/studies/regression/changes_json.hpp"
#include "numerics/error.hpp"
#include "reports/junit/regression_junit.hpp"
#include "reports/markdown/regression_markdown.hpp"
#include "reports/text/regression_text.hpp"

namespace lemmabench {
namespace {

struct CompareFlags {
  std::string sampler;
  std::string baseline;
  std::string write;
  std::string cells = "quick";
  double alpha = Baseline{}.alpha;
  GateOptions gate;
  std::string json, junit, markdown;
  ChildLimits limits;
  bool quiet = false;
  bool timings = false;
};

/// A cell with its time, to stderr: never part of the result.
void print_timing(const GateCell& cell, double seconds) {
  fmt::print(stderr, "{:8.2f} s  {}\n", seconds, cell.id());
}

/// True if no cell failed.
bool write_baseline(const CompareFlags& flags) {
  const std::vector<GateCell> cells = flags.cells.ends_with(".toml")
                                          ? parse_gate_plan(read_file(flags.cells), flags.cells)
                                          : built_in_gate_plan(flags.cells);
  require_writable(flags.write);
  const Baseline baseline =
      make_baseline(cells, flags.sampler, flags.gate.threads, flags.alpha, flags.gate.guard);
  write_file_atomically(flags.write, baseline_json(baseline));
  if (flags.quiet) return baseline.complete;
  fmt::print("{}: {} cells of {}\n", flags.write, baseline.cells.size(), baseline.sampler);
  for (const BaselineCell& one : baseline.cells) {
    if (flags.timings) print_timing(one.cell, one.answer.seconds);
  }
  for (const std::string& left_out : baseline.left_out) {
    fmt::print("left out: {}\n", left_out);
  }
  return baseline.complete;
}

bool compare(const CompareFlags& flags) {
  const std::pair<const std::string&, std::string (*)(const GateReport&)> files[] = {
      {flags.json, gate_json}, {flags.junit, gate_junit}, {flags.markdown, gate_markdown}};
  for (const auto& [path, unused] : files) {
    if (!path.empty()) require_writable(path);
  }
  const Baseline baseline = baseline_from_json(read_file(flags.baseline), flags.baseline);
  const GateReport report = run_gate(baseline, flags.sampler, flags.gate);
  const std::string text = gate_text(report);
  if (!flags.quiet) std::fwrite(text.data(), 1, text.size(), stdout);
  for (const auto& [path, print] : files) {
    if (!path.empty()) write_file_atomically(path, print(report));
  }
  for (const CellReport& cell : report.cells) {
    if (flags.timings) print_timing(*cell.cell, cell.seconds);
  }
  return report.passed();
}

void add_outputs(CLI::App& command, CompareFlags& flags) {
  command.add_option("--json", flags.json, "also write every change to this file");
  command.add_option("--junit", flags.junit, "also write JUnit XML, one test case a cell");
  command.add_option("--markdown", flags.markdown, "also write a summary for a pull request");
}

}  // namespace

void add_compare_command(CLI::App& app, CommandOutcome& outcome) {
  auto flags = std::make_shared<CompareFlags>();
  CLI::App* command = app.add_subcommand(
      "compare",
      "Regression test: is a sampler at least as good as a baseline, or exactly the same?");
  command
      ->add_option("--sampler", flags->sampler,
                   "sampler, e.g. li-cai, or your own: ./mine.toml or ./mine.hpp")
      ->required();
  CLI::Option* baseline =
      command->add_option("--baseline", flags->baseline, "the baseline to compare with (JSON)");
  CLI::Option* write =
      command->add_option("--write", flags->write, "write the sampler's baseline to this file");
  write->excludes(baseline);
  command
      ->add_option("--cells", flags->cells,
                   "what a new baseline measures: quick, or a .toml plan of your own")
      ->needs(write)
      ->capture_default_str();
  command
      ->add_option("--alpha", flags->alpha,
                   "family-wise error rate of a new baseline's sampled cells")
      ->check(CLI::Range(1e-6, 0.5))
      ->needs(write)
      ->capture_default_str();
  command->add_option("--only", flags->gate.cells, "compare the cells of these names, by glob")
      ->needs(baseline);
  command
      ->add_option("--ignore", flags->gate.ignore,
                   "quantities that may change, by glob, e.g. score_calls")
      ->needs(baseline);
  command
      ->add_flag("--exact", flags->gate.exact,
                 "any change fails, for the better too, the local errors included")
      ->needs(baseline);
  command
      ->add_option("--tolerance", flags->gate.tolerance,
                   "how much worse, relatively, is still no regression")
      ->check(CLI::Range(0.0, 10.0))
      ->needs(baseline)
      ->capture_default_str();
  add_outputs(*command, *flags);
  add_threads_option(*command, flags->gate.threads);
  command->add_flag("--quiet", flags->quiet, "no table: the exit code and the files say it");
  command->add_flag("--timings", flags->timings, "seconds a cell, to stderr");
  add_limit_options(*command, flags->limits);
  command->footer(
      "Examples:\n"
      "  lemmabench compare --sampler ddpm --write ddpm.json\n"
      "  lemmabench compare --sampler ./mine.toml --baseline ddpm.json --markdown summary.md\n"
      "  lemmabench compare --sampler ./li-cai.hpp --baseline li-cai.json --exact\n"
      "Exit code 1 for a regression and for what is missing, inconclusive, failed or empty "
      "(docs/gate.md).");
  command->callback([flags, &outcome] {
    flags->gate.guard = guard_with(flags->limits);
    if (!flags->write.empty()) {
      outcome.exit_code = write_baseline(*flags) ? 0 : 1;
    } else if (flags->baseline.empty()) {
      throw InputError("compare: needs --baseline FILE.json, or --write FILE.json to make one");
    } else {
      outcome.exit_code = compare(*flags) ? 0 : 1;
    }
  });
}

}  // namespace lemmabench
