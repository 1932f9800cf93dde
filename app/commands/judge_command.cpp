#include "app/commands/judge_command.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "app/commands/shared_options.hpp"
#include "cases/parse_schedule.hpp"
#include "cases/points/point_reader.hpp"
#include "cases/schemes/scheme_name.hpp"
#include "harness/io/files.hpp"
#include "harness/monte_carlo/judge/judge.hpp"
#include "harness/plugin/guarded_law.hpp"
#include "harness/records/request_text.hpp"
#include "harness/records/steps_text.hpp"
#include "numerics/error.hpp"
#include "reports/json/goodness_of_fit_json.hpp"
#include "reports/text/goodness_of_fit_text.hpp"

namespace lemmabench {
namespace {

struct JudgeFlags {
  JudgeRequest request;
  std::string samples;
  std::string schedule;
  std::string steps;
  std::string start = "gaussian";
  std::string format = "text";
  std::string output;
  int threads = 1;
  ChildLimits limits{.seconds = 600};
  /// Options that say which law, none of which goes with --against.
  std::vector<const CLI::Option*> of_the_law;
  const CLI::Option* start_option = nullptr;
};

/// The schedule and the steps, of the level or of the sampler.
void set_levels(const JudgeFlags& flags, JudgeRequest& request) {
  if (names_scheme(request.sampler)) {
    if (!flags.steps.empty() || !flags.schedule.empty()) {
      throw InputError(fmt::format("--sampler {}: a scheme has its own levels; leave {} out",
                                   request.sampler,
                                   flags.steps.empty() ? "--schedule" : "--steps"));
    }
    return;
  }
  request.schedule =
      make_schedule(flags.schedule.empty() ? "li-cai" : flags.schedule, "--schedule");
  const bool named = !flags.steps.empty() || own_steps(request.schedule).has_value();
  request.steps = named || !request.sampler.empty() ? steps_of(flags.steps, request.schedule) : 0;
}

void require_one_question(const JudgeFlags& flags) {
  const JudgeRequest& request = flags.request;
  if (!request.against.empty()) {
    for (const CLI::Option* option : flags.of_the_law) {
      if (option->count() > 0) {
        throw InputError(fmt::format("--against {}: compares two files; leave {} out",
                                     request.against, option->get_name()));
      }
    }
    return;
  }
  if (request.target.empty()) {
    throw InputError(
        "--target: is missing; name the law that the samples should have, or by --against another "
        "file of samples");
  }
  if (request.sampler.empty() && flags.start_option->count() > 0) {
    throw InputError("--start: is of a sampler; name it by --sampler, or leave --start out");
  }
}

/// The samples of both files, or of one and the law; notes on how the files were read before those
/// of the judge.
SampleJudgement judgement_of(const JudgeFlags& flags, const JudgeRequest& request) {
  ReadPoints read = read_point_file(flags.samples, 0, "SAMPLES");
  std::vector<std::string> notes = read.notes;
  SampleJudgement out;
  if (request.against.empty()) {
    out = judge_samples(std::move(read.points), request, flags.threads);
  } else {
    ReadPoints other = read_point_file(request.against, 0, "--against");
    notes.insert(notes.end(), other.notes.begin(), other.notes.end());
    out = judge_against(std::move(read.points), std::move(other.points), request, flags.samples,
                        flags.threads);
  }
  out.notes.insert(out.notes.begin(), notes.begin(), notes.end());
  return out;
}

void run_judge(const JudgeFlags& flags, CommandOutcome& outcome) {
  require_one_question(flags);
  JudgeRequest request = flags.request;
  request.start = parse_start(flags.start, "--start");
  if (request.against.empty()) set_levels(flags, request);
  if (!flags.output.empty()) require_writable(flags.output);
  if (const auto guarded = guarded_output(request.sampler, guard_with(flags.limits))) {
    if (flags.output.empty()) put_output("", guarded->text);
    outcome.exit_code = guarded->exit_code;
    return;
  }
  const SampleJudgement judgement = judgement_of(flags, request);
  const std::string text = flags.format == "json" ? judgement_json(judgement, flags.samples)
                                                  : judgement_text(judgement, flags.samples);
  put_output(flags.output, text);
  outcome.exit_code = judgement.rejected ? 1 : 0;
}

/// What the samples are held against.
void add_law_options(CLI::App& command, JudgeFlags& flags) {
  CLI::Option* target = command.add_option("--target", flags.request.target,
                                           "law of X_0: catalogue name, TOML file, or inline spec");
  CLI::Option* noise_level = command.add_option(
      "--noise-level", flags.request.level,
      "noise level the samples are of: data, last (level 1, where Y_1 ends), a whole number t, or "
      "abar; default: last with --steps, else data");
  CLI::Option* old_level = add_old_name(command, "--level", noise_level, flags.request.level);
  CLI::Option* sampler = command.add_option(
      "--sampler", flags.request.sampler,
      "hold the samples against the output of this sampler after --steps, in the place of the law "
      "it is to have: a name, ./mine.toml, ./mine.hpp, or a traced scheme ./mine.json, which has "
      "its own steps");
  CLI::Option* steps =
      command.add_option("--steps", flags.steps, "T, the number of levels of the schedule");
  CLI::Option* schedule = command.add_option("--schedule", flags.schedule,
                                             "schedule, e.g. li-cai:c0=2,c1=9 (default li-cai)");
  CLI::Option* start =
      command
          .add_option("--start", flags.start,
                      "of the sampler, law of Y_T: N(0, I), or the exact law of X_T")
          ->check(CLI::IsMember({"gaussian", "exact"}))
          ->capture_default_str();
  command.add_option("--against", flags.request.against,
                     "compare with the rows of this .npy or .csv file in the place of a law; no "
                     "--target then");
  flags.of_the_law = {target, noise_level, old_level, sampler, steps, schedule, start};
  flags.start_option = start;
}

void add_test_options(CLI::App& command, JudgeRequest& request) {
  command
      .add_option("--alpha", request.alpha,
                  "the probability of rejecting samples of the law, all tests together (0.001 to "
                  "0.2)")
      ->capture_default_str();
  command.add_option("--seed", request.seed, "of the draws and permutations")
      ->capture_default_str();
  command
      .add_option("--pairs", request.pairs,
                  "rows that energy distance and MMD take at most (100 to 10000); time and memory "
                  "grow like its square")
      ->capture_default_str();
}

}  // namespace

void add_judge_command(CLI::App& app, CommandOutcome& outcome) {
  auto flags = std::make_shared<JudgeFlags>();
  CLI::App* command = app.add_subcommand(
      "judge",
      "Goodness-of-fit test: samples made elsewhere against the exact law they should have, the "
      "law of a sampler's output, or other samples");
  command->add_option("SAMPLES", flags->samples, "a .npy or .csv file, an independent sample a row")
      ->required();
  add_law_options(*command, *flags);
  add_test_options(*command, flags->request);
  add_output_options(*command, flags->format, flags->output);
  add_threads_option(*command, flags->threads);
  add_limit_options(*command, flags->limits);
  command->footer(
      "Exit code 0: accepted, 1: rejected. A rejection is wrong with probability alpha at most; "
      "an\n"
      "acceptance says only that no deviation above the floors was seen.\n"
      "Examples:\n"
      "  lemmabench judge samples.npy --target mixture-three\n"
      "  lemmabench judge samples.npy --target mixture-three --steps 200 --schedule li-cai\n"
      "  lemmabench judge x_50.npy --target hypercube-ten --steps 200 --noise-level 50 --format "
      "json\n"
      "  lemmabench judge mine.npy --target mixture-three --sampler ddpm --steps 50\n"
      "  lemmabench judge mine.npy --target fashion --sampler ./traced.json --start exact\n"
      "  lemmabench judge mine.npy --against theirs.npy");
  command->callback([flags, &outcome] { run_judge(*flags, outcome); });
}

}  // namespace lemmabench
