#include "app/commands/verify_command.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <map>
#include <memory>
#include <string>

#include "app/commands/shared_options.hpp"
#include "harness/io/files.hpp"
#include "harness/studies/claims/verification.hpp"
#include "reports/json/verification_json.hpp"
#include "reports/junit/verification_junit.hpp"
#include "reports/text/verification_text.hpp"

namespace lemmabench {
namespace {

struct VerifyFlags {
  LedgerRequest request;
  std::string suite = "quick";
  std::string format = "text";
  std::string output;
  bool by_case = false;
  bool accept_findings = false;
  bool timings = false;
};

/// The claims by the time they took, to stderr: never part of the result.
void print_timings(const Ledger& ledger) {
  std::map<std::string, double> seconds;
  for (const LedgerRow& row : ledger.rows) {
    seconds[row.claim->id] += row.seconds;
  }
  std::vector<std::pair<double, std::string>> slowest;
  for (const auto& [id, time] : seconds) {
    slowest.emplace_back(time, id);
  }
  std::sort(slowest.rbegin(), slowest.rend());
  for (const auto& [time, id] : slowest) {
    fmt::print(stderr, "{:8.2f} s  {}\n", time, id);
  }
}

void run_verify(const VerifyFlags& flags, CommandOutcome& outcome) {
  LedgerRequest request = flags.request;
  request.effort.full = flags.suite == "full";
  if (!flags.output.empty()) {
    require_writable(flags.output);
  }
  const Ledger ledger = run_ledger(request);
  std::string text;
  if (flags.format == "json") {
    text = ledger_json(ledger);
  } else if (flags.format == "junit") {
    text = ledger_junit(ledger, flags.accept_findings);
  } else {
    text = ledger_text(ledger, flags.by_case);
  }
  put_output(flags.output, text);
  if (flags.timings) {
    print_timings(ledger);
  }
  outcome.exit_code = ledger.exit_code(flags.accept_findings);
}

}  // namespace

void add_verify_command(CLI::App& app, CommandOutcome& outcome) {
  auto flags = std::make_shared<VerifyFlags>();
  LedgerRequest& request = flags->request;
  CLI::App* verify = app.add_subcommand(
      "verify",
      "Claim verification: every claim of the theory on every case, with verdict and evidence");
  verify
      ->add_option("--claims", request.claims,
                   "ids by glob, e.g. 'T3' or 'S*,F*'; '!E2*' leaves out")
      ->capture_default_str();
  verify
      ->add_option("--cases", request.cases,
                   "case names by glob, e.g. 'gauss-*,mixture-far'; '!mixture-*' leaves out")
      ->capture_default_str();
  CLI::Option* targets =
      verify->add_option("--target", request.targets,
                         "these targets instead of the catalogue's cases; as for `law`, and "
                         "student-t:dim=3,nu=4");
  verify->add_option("--suite", flags->suite, "how far T, d and the boxes of x go")
      ->check(CLI::IsMember({"quick", "full"}))
      ->capture_default_str();
  verify
      ->add_option("--digits", request.effort.digits,
                   "working digits at the first try; unclear comparisons double them")
      ->check(CLI::Range(10, 300))
      ->capture_default_str();
  verify
      ->add_flag("--controls", request.controls,
                 "evaluate the negative controls instead: altered claims that are false, each of "
                 "which must "
                 "come out violated")
      ->excludes(targets);  // a twin is false on the case it names
  verify->add_flag("--by-case", flags->by_case, "one line a case below each claim");
  verify->add_flag("--accept-findings", flags->accept_findings,
                   "a statement that docs/findings.md refutes may be violated (for CI)");
  verify->add_option("--format", flags->format, "text, json or junit")
      ->check(CLI::IsMember({"text", "json", "junit"}))
      ->capture_default_str();
  verify->add_option("-o,--output", flags->output, "write to this file instead of the terminal");
  add_threads_option(*verify, request.threads);
  verify->add_flag("--timings", flags->timings, "seconds a claim, to stderr");
  verify->footer(
      "Examples:\n"
      "  lemmabench verify --suite quick\n"
      "  lemmabench verify --claims T3 --cases 'mixture-*'\n"
      "  lemmabench verify --claims 'F*' --target mixture:weights=0.5/0.5,means=-1/2,"
      "variances=0.3/0.2\n"
      "  lemmabench verify --controls");
  verify->callback([flags, &outcome] { run_verify(*flags, outcome); });
}

}  // namespace lemmabench
