#include "app/commands/atlas_command.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>

#include "app/commands/shared_options.hpp"
#include "harness/io/files.hpp"
#include "harness/plugin/guarded_law.hpp"
#include "reports/json/complexity_json.hpp"
#include "reports/text/complexity_text.hpp"

namespace lemmabench {
namespace {

struct AtlasFlags {
  std::string plan = "quick";
  std::string store;
  std::string format = "text";
  std::string output;
  int threads = 1;
};

AtlasPlan read_plan(const std::string& plan) {
  return plan.ends_with(".toml") ? parse_atlas_plan(read_file(plan), plan)
                                 : built_in_atlas_plan(plan);
}

void run(const AtlasFlags& flags, CommandOutcome& outcome) {
  const AtlasPlan plan = read_plan(flags.plan);
  if (!flags.output.empty()) require_writable(flags.output);
  Store store(flags.store);
  const Atlas atlas = run_atlas(plan, store, flags.threads, atlas_laws(guard_with({})));
  const std::string text =
      flags.format == "json" ? atlas_json(atlas).dump(2) + "\n" : atlas_text(atlas);
  put_output(flags.output, text);
  std::fprintf(stderr, "lemmabench: %s: %zu laws computed, %zu there already\n",
               flags.store.c_str(), atlas.computed, atlas.resumed);
  const std::vector<AtlasExponent> exponents = atlas_exponents(atlas);
  const bool violated =
      std::any_of(exponents.begin(), exponents.end(),
                  [](const AtlasExponent& one) { return one.verdict == BoundVerdict::violates; });
  outcome.exit_code = violated ? 1 : 0;
}

}  // namespace

void add_atlas_command(CLI::App& app, CommandOutcome& outcome) {
  auto flags = std::make_shared<AtlasFlags>();
  CLI::App* atlas = app.add_subcommand(
      "atlas",
      "Iteration complexity: T*(d, eps), the least T with TV <= eps, over families of targets, and "
      "its exponents in d and 1/eps");
  atlas
      ->add_option("PLAN", flags->plan,
                   "quick (seconds), full (half an hour on two cores) or a .toml file of your own")
      ->capture_default_str();
  atlas->add_option("--store", flags->store, "the file that keeps every law (SQLite); resumes")
      ->required();
  add_threads_option(*atlas, flags->threads, "--jobs");
  add_output_options(*atlas, flags->format, flags->output);
  atlas->footer(
      "T*(d, eps) is the least T with TV <= eps. In the tables: >N, not reached up to N steps; "
      "<=N,\nN steps suffice (the error is only bounded); M..N, known to that bracket; ~N, the "
      "error's own\nuncertainty touches eps just below N.\n"
      "The exponents are those of T*/log T* with the li-cai schedule, so that log T is modelled.\n"
      "A plan of your own:\n"
      "  eps = [\"1e-1\", \"1e-2\", \"1e-3\"]\n"
      "  samplers = [\"li-cai\", \"ddpm\"]\n"
      "  cap = 4096\n"
      "  [[family]]\n"
      "  id = \"student\"\n"
      "  title = \"Student-t, nu = 3\"\n"
      "  target = \"student-t:dim={},nu=3\"\n"
      "  dims = [1, 4, 16, 64]\n"
      "Exit code 1 if an exponent certainly exceeds its bound.\n"
      "Next: lemmabench report FILE.sqlite -o DIR");
  atlas->callback([flags, &outcome] { run(*flags, outcome); });
}

}  // namespace lemmabench
