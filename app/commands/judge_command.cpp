#include "app/commands/judge_command.hpp"

#include <CLI/CLI.hpp>
#include <memory>
#include <string>
#include <utility>

#include "app/commands/shared_options.hpp"
#include "cases/parse_schedule.hpp"
#include "cases/points/point_reader.hpp"
#include "harness/io/files.hpp"
#include "harness/monte_carlo/goodness_of_fit/goodness_of_fit.hpp"
#include "harness/records/steps_text.hpp"
#include "reports/json/goodness_of_fit_json.hpp"
#include "reports/text/goodness_of_fit_text.hpp"

namespace lemmabench {
namespace {

struct JudgeFlags {
  JudgeRequest request;
  std::string samples;
  std::string schedule = "li-cai";
  std::string steps;
  std::string format = "text";
  std::string output;
  int threads = 1;
};

void run_judge(const JudgeFlags& flags, CommandOutcome& outcome) {
  JudgeRequest request = flags.request;
  request.schedule = make_schedule(flags.schedule, "--schedule");
  const bool named = !flags.steps.empty() || own_steps(request.schedule).has_value();
  request.steps = named ? steps_of(flags.steps, request.schedule) : 0;
  if (!flags.output.empty()) require_writable(flags.output);
  ReadPoints read = read_point_file(flags.samples, 0, "SAMPLES");
  SampleJudgement judgement = judge_samples(std::move(read.points), request, flags.threads);
  judgement.notes.insert(judgement.notes.begin(), read.notes.begin(), read.notes.end());
  const std::string text = flags.format == "json" ? judgement_json(judgement, flags.samples)
                                                  : judgement_text(judgement, flags.samples);
  put_output(flags.output, text);
  outcome.exit_code = judgement.rejected ? 1 : 0;
}

}  // namespace

void add_judge_command(CLI::App& app, CommandOutcome& outcome) {
  auto flags = std::make_shared<JudgeFlags>();
  CLI::App* command = app.add_subcommand(
      "judge",
      "Goodness-of-fit test: samples made elsewhere against the exact law they should have");
  command->add_option("SAMPLES", flags->samples, "a .npy or .csv file, an independent sample a row")
      ->required();
  command
      ->add_option("--target", flags->request.target, "catalogue name, TOML file, or inline spec")
      ->required();
  CLI::Option* noise_level = command->add_option(
      "--noise-level", flags->request.level,
      "noise level the samples are of: data, last (level 1, where Y_1 ends), a whole number t, or "
      "abar; default: last with --steps, else data");
  add_old_name(*command, "--level", noise_level, flags->request.level);
  command->add_option("--steps", flags->steps, "T, the number of levels of the schedule");
  command->add_option("--schedule", flags->schedule, "schedule, e.g. li-cai:c0=2,c1=9")
      ->capture_default_str();
  command
      ->add_option("--alpha", flags->request.alpha,
                   "the probability of rejecting samples of the law, all tests together (0.001 to "
                   "0.2)")
      ->capture_default_str();
  command->add_option("--seed", flags->request.seed, "of the draws and permutations")
      ->capture_default_str();
  command
      ->add_option("--pairs", flags->request.pairs,
                   "rows that energy distance and MMD take at most (100 to 10000); time and memory "
                   "grow like its square")
      ->capture_default_str();
  add_output_options(*command, flags->format, flags->output);
  add_threads_option(*command, flags->threads);
  command->footer(
      "Exit code 0: accepted, 1: rejected. A rejection is wrong with probability alpha at most; "
      "an\n"
      "acceptance says only that no deviation above the floors was seen.\n"
      "Examples:\n"
      "  lemmabench judge samples.npy --target mixture-three\n"
      "  lemmabench judge samples.npy --target mixture-three --steps 200 --schedule li-cai\n"
      "  lemmabench judge x_50.npy --target hypercube-ten --steps 200 --noise-level 50 --format "
      "json");
  command->callback([flags, &outcome] { run_judge(*flags, outcome); });
}

}  // namespace lemmabench
