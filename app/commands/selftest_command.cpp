#include "app/commands/selftest_command.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>

#include "app/commands/shared_options.hpp"
#include "harness/io/files.hpp"
#include "harness/studies/selftest/selftest.hpp"
#include "reports/json/selftest_json.hpp"
#include "reports/text/selftest_text.hpp"
#include "reports/text/text_table.hpp"

namespace lemmabench {
namespace {

struct SelftestFlags {
  SelftestOptions options;
  long question = -1;
  double limit = 60;
  bool kinds = false;
  bool seconds_given = false;
  std::string format = "text";
  std::string output;
};

std::string kinds_text() {
  std::vector<Row> rows;
  for (const QuestionKind& kind : question_kinds()) {
    rows.push_back({std::string(kind.id), std::string(kind.title)});
  }
  return aligned(rows);
}

void run(const SelftestFlags& flags, CommandOutcome& outcome) {
  if (flags.kinds) {
    put_output(flags.output, kinds_text());
    return;
  }
  if (!flags.output.empty()) require_writable(flags.output);
  SelftestOptions options = flags.options;
  if (flags.question >= 0) {
    options.question = flags.question;
  }
  if ((options.count > 0 || options.question) && !flags.seconds_given) {
    options.seconds = 0;  // the same output whatever the machine
  }
  const auto tell = [&](const Finding& finding) {
    std::fprintf(stderr, "lemmabench: selftest: %s, question %ld: %s\n", finding.kind.c_str(),
                 finding.question, finding.what.c_str());
  };
  const SelftestResult result = run_selftest(options, child_answerer(flags.limit), tell);
  put_output(flags.output,
             flags.format == "json" ? selftest_json(result).dump(2) + "\n" : selftest_text(result));
  outcome.exit_code = result.passed() ? 0 : 1;
}

}  // namespace

void add_selftest_command(CLI::App& app, CommandOutcome& outcome) {
  auto flags = std::make_shared<SelftestFlags>();
  CLI::App* selftest = app.add_subcommand(
      "selftest", "Random questions, each answered two ways; a disagreement is printed");
  CLI::Option* seconds =
      selftest->add_option("--seconds", flags->options.seconds, "no question starts later")
          ->check(CLI::Range(0.0, 1e9))
          ->capture_default_str();
  selftest->add_option("--count", flags->options.count, "so many questions, whatever the time")
      ->check(CLI::Range(1L, 1000000000L));
  selftest->add_option("--seed", flags->options.seed, "question k depends on the seed and k only")
      ->capture_default_str();
  selftest->add_option("--only", flags->options.only, "questions of this kind (--kinds)");
  selftest->add_option("--question", flags->question, "question k alone, to see it again")
      ->check(CLI::NonNegativeNumber);
  selftest
      ->add_option("--limit", flags->limit,
                   "seconds of processor time a law may take before that is a finding")
      ->check(CLI::Range(0.1, 1e6))
      ->capture_default_str();
  selftest->add_flag("--kinds", flags->kinds, "list the kinds of questions and end");
  add_output_options(*selftest, flags->format, flags->output);
  selftest->footer(
      "Each law is asked of this program in a child process, so that what hangs or crashes is a\n"
      "finding and no more. A refusal with a reason (exit codes 2 and 3) is counted, not a\n"
      "finding. Exit code 1 if there is any. docs/selftest.md says what is compared.\n"
      "Examples:\n"
      "  lemmabench selftest --seconds 600 --seed 7\n"
      "  lemmabench selftest --count 200 --only ball-digits --format json");
  selftest->callback([flags, seconds, &outcome] {
    flags->seconds_given = seconds->count() > 0;
    run(*flags, outcome);
  });
}

}  // namespace lemmabench
