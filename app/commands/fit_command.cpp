#include "app/commands/fit_command.hpp"

#include <CLI/CLI.hpp>
#include <memory>

#include "app/commands/shared_options.hpp"
#include "harness/studies/rates/scaling_series.hpp"
#include "reports/json/rates_json.hpp"
#include "reports/text/rates_text.hpp"

namespace lemmabench {
namespace {

struct FitFlags {
  std::string store;
  std::string metric = "tv";
  std::string format = "text";
  std::string output;
};

void run(const FitFlags& flags, CommandOutcome& outcome) {
  const FittedMetric metric = parse_metric(flags.metric, "--metric");
  const std::vector<ScalingSeries> series =
      scaling_series(read_store(flags.store), metric, "store '" + flags.store + "'");
  const std::string text =
      flags.format == "json" ? fit_json(series, metric) : fit_text(series, metric);
  put_output(flags.output, text);
  outcome.exit_code = all_hold(series) ? 0 : 1;
}

}  // namespace

void add_fit_command(CLI::App& app, CommandOutcome& outcome) {
  auto flags = std::make_shared<FitFlags>();
  CLI::App* fit = app.add_subcommand(
      "fit", "Orders of the laws in a store, with uncertainty and a verdict on each");
  fit->add_option("FILE", flags->store, "a store made by lemmabench sweep")->required();
  std::vector<std::string> metrics;
  for (const FittedMetric metric : all_metrics()) {
    metrics.emplace_back(name(metric));
  }
  fit->add_option("--metric", flags->metric, "what the order is fitted to")
      ->check(CLI::IsMember(metrics))
      ->capture_default_str();
  add_output_options(*fit, flags->format, flags->output);
  fit->footer(
      "Cells that differ in steps only are one series. The order is counted in the schedule's own\n"
      "step, log T/T for li-cai and 1/T for logit; the interval includes the lack of fit; points\n"
      "under 10 times their own error are not used, the window is chosen by the residuals, and "
      "the\n"
      "range counts as asymptotic once the local orders settle faster than a factor log T would.\n"
      "Verdict: consistent, faster, slower or inconclusive against the order the theory states;\n"
      "measured where it states none. Exit code 1 if one is slower or inconclusive.");
  fit->callback([flags, &outcome] { run(*flags, outcome); });
}

}  // namespace lemmabench
