#include "harness/cli/heavy_tails_command.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>

#include "harness/heavy_tails/heavy_tails_json.hpp"
#include "harness/parallel.hpp"

namespace lemmabench {
namespace {

struct HeavyTailFlags {
  std::string suite = "full";
  std::string store;
  std::string format = "text";
  int jobs = 1;
};

/// 1 if a comparison whose hypotheses hold does not.
int exit_code(const HeavyTailResult& result) {
  const auto bad = [](const auto& item) {
    return item.judgement.verdict == Verdict::violated ||
           item.judgement.verdict == Verdict::inconclusive;
  };
  return std::any_of(result.rows.begin(), result.rows.end(), [&](const HeavyTailRow& row) {
    return std::any_of(row.starts.begin(), row.starts.end(), bad) ||
           std::any_of(row.masses.begin(), row.masses.end(), bad);
  });
}

void run_heavy_tails(const HeavyTailFlags& flags, CommandOutcome& outcome) {
  Store store(flags.store);
  StoredLaws laws(store, [](const LawRequest& request) {
    LawOptions options;
    options.threads = 1;  // laws run side by side
    return compute_law(request, options);
  });
  const HeavyTailResult result = study_heavy_tails(
      flags.suite == "full" ? full_heavy_tails() : quick_heavy_tails(), laws, flags.jobs);
  store.finish();
  const std::string text =
      flags.format == "json" ? heavy_tails_json(result).dump(2) + "\n" : heavy_tails_text(result);
  std::fwrite(text.data(), 1, text.size(), stdout);
  outcome.exit_code = exit_code(result);
}

}  // namespace

void add_heavy_tails_command(CLI::App& app, CommandOutcome& outcome) {
  auto flags = std::make_shared<HeavyTailFlags>();
  flags->jobs = available_threads();
  CLI::App* command = app.add_subcommand(
      "heavy-tails",
      "What happens as the second moment goes away: Student-t with nu to 2 and past");
  command->add_option("--store", flags->store, "the file that keeps every law computed (SQLite)")
      ->required();
  command->add_option("--suite", flags->suite, "full, or quick: fewer nu and no output laws")
      ->check(CLI::IsMember({"quick", "full"}))
      ->capture_default_str();
  command->add_option("--format", flags->format, "text or json")
      ->check(CLI::IsMember({"text", "json"}))
      ->capture_default_str();
  command->add_option("--jobs", flags->jobs, "laws side by side; the results do not depend on it")
      ->check(CLI::Range(1, 1024));
  command->callback([flags, &outcome] { run_heavy_tails(*flags, outcome); });
}

}  // namespace lemmabench
