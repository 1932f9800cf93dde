#include "app/commands/report_command.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>

#include "app/commands/shared_options.hpp"
#include "harness/io/files.hpp"
#include "harness/studies/report_suite/report_study.hpp"
#include "harness/studies/report_suite/suite.hpp"
#include "numerics/error.hpp"
#include "reports/json/mutation_json.hpp"
#include "reports/page/report.hpp"

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

void make_output_directory(const std::string& directory) {
  std::error_code failed;
  fs::create_directories(directory, failed);
  if (failed || !fs::is_directory(directory)) {
    throw InputError(fmt::format("-o {}: cannot be written: {}", directory,
                                 failed ? failed.message() : "not a directory"));
  }
}

/// The planted bugs of --mutants; null without it.
std::shared_ptr<const MutantRun> read_mutants(const ReportFlags& flags) {
  if (flags.mutants.empty()) return nullptr;
  return std::make_shared<const MutantRun>(
      mutants_from_json(read_file(flags.mutants), flags.mutants));
}

ReportData compute(const ReportFlags& flags) {
  if (!flags.store.empty()) {
    return report_of_store(flags.store);
  }
  make_output_directory(flags.output);
  return run_report_suite({flags.suite, flags.output, flags.threads, flags.mutants.empty()});
}

int run_report(const ReportFlags& flags) {
  const auto mutants = read_mutants(flags);
  ReportData data = compute(flags);
  for (const std::string& cell : data.left_out) {
    std::fprintf(stderr, "lemmabench: left out: %s\n", cell.c_str());
  }
  if (mutants) data.mutants = mutants;
  const WrittenReport report = write_report(data, flags.output, flags.threads);
  std::printf("%s\n%s\n", report.headline.c_str(), report.index.c_str());
  return report.verdict == Verdict::violated ? 1 : 0;
}

}  // namespace

void add_report_command(CLI::App& app, CommandOutcome& outcome) {
  auto flags = std::make_shared<ReportFlags>();
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
  add_threads_option(*report, flags->threads);
  report->footer(
      "index.html is self-contained: figures are inside, nothing is loaded from elsewhere. Beside\n"
      "it, each figure as SVG, PDF, CSV and gnuplot script, the tables as CSV, and report.json.\n"
      "With --suite the cells are kept in DIR/cells.sqlite: run the command again after an\n"
      "interruption and it goes on where it stopped.\n"
      "Exit code 1 if an order is slower than expected, the parts of an error do not add up, a "
      "claim\nthat no finding refutes is violated, a negative control was not caught, or a planted "
      "bug "
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
