#include "app/commands/losses_command.hpp"

#include <CLI/CLI.hpp>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>

#include "app/commands/shared_options.hpp"
#include "harness/io/files.hpp"
#include "reports/json/losses_json.hpp"
#include "reports/markdown/losses_markdown.hpp"
#include "reports/text/losses_text.hpp"

namespace lemmabench {
namespace {

struct LossFlags {
  LossRequest request;
  std::string format = "text";
  std::string output;
};

std::string formatted(const LossTable& table, const std::string& format) {
  if (format == "json") {
    return losses_json(table).dump(2) + "\n";
  }
  return format == "markdown" ? losses_markdown(table) : losses_text(table);
}

}  // namespace

void add_losses_command(CLI::App& app, CommandOutcome&) {
  auto flags = std::make_shared<LossFlags>();
  CLI::App* command = app.add_subcommand(
      "losses", "Which lemma loses the powers of d: claimed and measured, step by step");
  command->add_option("--sampler", flags->request.sampler, "li-cai, to D5, or ddpm, to D6")
      ->capture_default_str();
  command->add_option("--steps", flags->request.steps, "T, the number of levels, 96 or more")
      ->capture_default_str();
  command
      ->add_option("--dims", flags->request.dims,
                   "dimensions d: three or more ascending squares, e.g. 4,16,64,256")
      ->delimiter(',');
  command
      ->add_option("--families", flags->request.families,
                   "of gaussian, two-scale, contaminated, hypercube, two-modes (default: all)")
      ->delimiter(',');
  command
      ->add_option("--relative-error", flags->request.relative_error,
                   "of the sampled sums over t (1e-6 to 0.5)")
      ->capture_default_str();
  command->add_option("--format", flags->format, "text, json or markdown")
      ->check(CLI::IsMember({"text", "json", "markdown"}))
      ->capture_default_str();
  command->add_option("-o,--output", flags->output, "write to this file instead of the terminal");
  add_threads_option(*command, flags->request.threads);
  command->footer(
      "Examples:\n"
      "  lemmabench losses\n"
      "  lemmabench losses --sampler ddpm --steps 768 --format markdown\n"
      "Suprema over typical points are proved, sums over t sampled, TV computed; powers are fits.");
  command->callback([flags] {
    if (!flags->output.empty()) require_writable(flags->output);
    put_output(flags->output, formatted(study_losses(flags->request), flags->format));
  });
}

}  // namespace lemmabench
