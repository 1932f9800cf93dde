#include "app/commands/mutants_command.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>

#include "app/commands/shared_options.hpp"
#include "harness/io/files.hpp"
#include "harness/plugin/guarded_law.hpp"
#include "harness/studies/mutation/engine_bugs.hpp"
#include "reports/json/engine_bugs_json.hpp"
#include "reports/json/mutation_json.hpp"
#include "reports/text/engine_bugs_text.hpp"
#include "reports/text/mutation_text.hpp"

namespace lemmabench {
namespace {

struct MutantFlags {
  std::string bank = "quick";
  std::string filter;
  std::string format = "text";
  std::string output;
  bool no_thresholds = false;
  bool timings = false;
  bool regressions = false;
  bool engines = false;
  int threads = 1;
};

MutantBank read_bank(const std::string& bank) {
  return bank.ends_with(".toml") ? parse_mutant_bank(read_file(bank), bank)
                                 : built_in_mutant_bank(bank);
}

void show_engine_bugs(const MutantFlags& flags, CommandOutcome& outcome) {
  EngineBugs bank = built_in_engine_bugs();
  if (!flags.filter.empty()) bank = bank.filtered(flags.filter);
  put_output(flags.output, flags.format == "json" ? engine_bugs_json(bank).dump(2) + "\n"
                                                  : engine_bugs_text(bank));
  outcome.exit_code = bank.passed() ? 0 : 1;
}

void run(const MutantFlags& flags, CommandOutcome& outcome) {
  if (flags.engines) {
    show_engine_bugs(flags, outcome);
    return;
  }
  MutantBank bank = read_bank(flags.bank);
  if (!flags.filter.empty()) bank = bank.filtered(flags.filter);
  if (!flags.output.empty()) require_writable(flags.output);
  const std::vector<GateCell> plan = built_in_gate_plan("quick");
  const std::optional<ChildLimits> guard = guard_with({});
  MutantRun result = hunt_mutants(bank, plan, flags.threads, !flags.regressions, guard);
  if (!flags.no_thresholds) add_thresholds(result, plan, flags.threads, guard);
  const std::string text = flags.format == "json"
                               ? mutants_json(result, flags.timings).dump(2) + "\n"
                               : mutants_text(result, flags.timings);
  put_output(flags.output, text);
  outcome.exit_code = result.passed() ? 0 : 1;
}

}  // namespace

void add_mutants_command(CLI::App& app, CommandOutcome& outcome) {
  auto flags = std::make_shared<MutantFlags>();
  CLI::App* mutants = app.add_subcommand("mutants",
                                         "Mutation testing: which number of the regression test "
                                         "catches each planted bug of a sampler, "
                                         "and how small a bug still shows");
  CLI::Option* bank = mutants
                          ->add_option("--bank", flags->bank,
                                       "the list of mutants: quick, or a .toml file of your own")
                          ->capture_default_str();
  mutants
      ->add_flag("--engines", flags->engines,
                 "bugs in the engines and claims instead: what ./run engine-mutants recorded of "
                 "each, and which test catches it")
      ->excludes(bank);
  mutants->add_option("--filter", flags->filter,
                      "only mutants whose name (--engines: id, file or title) this regular "
                      "expression finds something in");
  mutants->add_flag("--no-thresholds", flags->no_thresholds,
                    "leave out how small an error of each coefficient is still caught");
  mutants->add_flag(
      "--regressions", flags->regressions,
      "the regression test without --exact: caught only by what is worse than the base");
  CLI::Option* timings = mutants->add_flag("--timings", flags->timings,
                                           "say how long each took; the output then varies");
  as_old_name(mutants->add_flag("--times", flags->timings), timings);
  add_threads_option(*mutants, flags->threads, "--jobs");
  add_output_options(*mutants, flags->format, flags->output);
  mutants->footer(
      "A mutant is a sampler by name, for every command:\n"
      "  lemmabench law --target gauss-flat --steps 200 --sampler "
      "mutant:base=ddpm,bug=score-level,by=1\n"
      "docs/mutants.md lists the kinds of bugs. Mutants of your own:\n"
      "  [[mutant]]\n"
      "  base = \"./mine.toml\"\n"
      "  bug = \"scale,of=b,by=2\"\n"
      "  title = \"b doubled\"\n"
      "Exit code 1 if less than 95 % are caught, or one survives without a reason in its record.\n"
      "Next: lemmabench mutants --format json -o mutants.json, and\n"
      "lemmabench report --suite quick --mutants mutants.json -o DIR");
  mutants->callback([flags, &outcome] { run(*flags, outcome); });
}

}  // namespace lemmabench
