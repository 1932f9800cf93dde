#include "app/commands/heavy_tails_command.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>

#include "app/commands/shared_options.hpp"
#include "harness/law/law.hpp"
#include "reports/json/heavy_tails_json.hpp"
#include "reports/text/heavy_tails_text.hpp"

namespace lemmabench {
namespace {

struct HeavyTailFlags {
  std::string suite = "quick";
  std::string store;
  std::string format = "text";
  std::string output;
  int threads = 1;
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
      flags.suite == "full" ? full_heavy_tails() : quick_heavy_tails(), laws, flags.threads);
  store.finish();
  const std::string text =
      flags.format == "json" ? heavy_tails_json(result).dump(2) + "\n" : heavy_tails_text(result);
  put_output(flags.output, text);
  outcome.exit_code = exit_code(result);
}

}  // namespace

void add_heavy_tails_command(CLI::App& app, CommandOutcome& outcome) {
  auto flags = std::make_shared<HeavyTailFlags>();
  CLI::App* command = app.add_subcommand(
      "heavy-tails",
      "What happens as the second moment goes away: Student-t with nu to 2 and past");
  command->add_option("--store", flags->store, "the file that keeps every law computed (SQLite)")
      ->required();
  command
      ->add_option("--suite", flags->suite, "quick: few nu and no output laws; full: all of them")
      ->check(CLI::IsMember({"quick", "full"}))
      ->capture_default_str();
  add_output_options(*command, flags->format, flags->output);
  add_threads_option(*command, flags->threads, "--jobs");
  command->callback([flags, &outcome] { run_heavy_tails(*flags, outcome); });
}

}  // namespace lemmabench
