#include "app/commands/worst_case_command.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>

#include "app/commands/shared_options.hpp"
#include "cases/parse_schedule.hpp"
#include "harness/plugin/guarded_law.hpp"
#include "harness/records/steps_text.hpp"
#include "harness/studies/claims/verification.hpp"
#include "numerics/error.hpp"
#include "reports/json/worst_case_json.hpp"
#include "reports/text/worst_case_text.hpp"

namespace lemmabench {
namespace {

struct WorstCaseFlags {
  WorstCaseRequest request;
  std::string families = "*";
  std::string schedule = "li-cai";
  std::string steps = "128";
  std::string store;
  std::string format = "text";
  std::string output;
  int threads = 1;
};

WorstCaseRequest request_of(const WorstCaseFlags& flags) {
  WorstCaseRequest request = flags.request;
  request.schedule = make_schedule(flags.schedule, "--schedule");
  if (own_steps(request.schedule)) {
    throw InputError(
        "--schedule: a list of levels has one T, and the search measures at T, 2T and 4T; name a "
        "schedule (`lemmabench list schedules`)");
  }
  request.steps = parse_steps(flags.steps);
  for (const TargetFamily& family : worst_case_families()) {
    if (matches_globs(family.id, flags.families)) {
      request.families.push_back(family.id);
    }
  }
  if (request.families.empty()) {
    std::string known;
    for (const TargetFamily& family : worst_case_families()) {
      known += (known.empty() ? "" : ", ") + family.id;
    }
    throw InputError("--family '" + flags.families + "': no such family; there are " + known);
  }
  std::sort(request.dims.begin(), request.dims.end());
  request.dims.erase(std::unique(request.dims.begin(), request.dims.end()), request.dims.end());
  return request;
}

void run_worst_case(const WorstCaseFlags& flags) {
  const WorstCaseRequest request = request_of(flags);
  Store store(flags.store);
  StoredLaws laws(store, exact_start_laws(guard_with({})));
  const WorstCaseResult result = find_worst_cases(request, laws, flags.threads);
  store.finish();
  const std::string text =
      flags.format == "json" ? worst_case_json(result).dump(2) + "\n" : worst_case_text(result);
  put_output(flags.output, text);
}

}  // namespace

void add_worst_case_command(CLI::App& app, CommandOutcome&) {
  auto flags = std::make_shared<WorstCaseFlags>();
  flags->request.dims = {1, 4, 16, 64};
  CLI::App* command = app.add_subcommand(
      "worst-case", "How bad can it get? Searches families of targets for the largest error");
  command->add_option("--family", flags->families, "families by glob, e.g. 'gaussian-*,shell'")
      ->capture_default_str();
  command->add_option("--sampler", flags->request.sampler, "the sampler")->capture_default_str();
  command->add_option("--schedule", flags->schedule, "schedule, e.g. li-cai:c0=2,c1=9")
      ->capture_default_str();
  command
      ->add_option("--steps", flags->steps,
                   "T of the search; what is found is measured at 2T and 4T too")
      ->capture_default_str();
  command->add_option("--dims", flags->request.dims, "dimensions, comma-separated")
      ->delimiter(',')
      ->check(CLI::Range(1, 4096))
      ->capture_default_str();
  command
      ->add_option("--budget", flags->request.budget,
                   "laws a search may compute; Gaussians and mixtures take eight times as many")
      ->check(CLI::Range(1, 100'000))
      ->capture_default_str();
  command->add_option("--store", flags->store, "the file that keeps every law computed (SQLite)")
      ->required();
  add_output_options(*command, flags->format, flags->output);
  add_threads_option(*command, flags->threads, "--jobs");
  command->footer(
      "The search is deterministic (NLopt: DIRECT-L, then subplex) and goes on where it was if it "
      "was\nkilled. What it finds is a lower bound of how bad it can get, no proof that nothing is "
      "worse.\n"
      "Example:\n"
      "  lemmabench worst-case --family 'line-*,gaussian-*' --dims 1,16 --store worst.sqlite");
  command->callback([flags] { run_worst_case(*flags); });
}

}  // namespace lemmabench
