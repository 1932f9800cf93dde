#include "app/commands/audit_command.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <charconv>
#include <cstdio>
#include <iterator>
#include <memory>
#include <string>
#include <vector>

#include "app/commands/shared_options.hpp"
#include "harness/io/files.hpp"
#include "harness/studies/audit/audit.hpp"
#include "numerics/error.hpp"
#include "numerics/quoted.hpp"
#include "reports/json/audit_json.hpp"
#include "reports/junit/audit_junit.hpp"
#include "reports/markdown/audit_markdown.hpp"
#include "reports/text/audit_text.hpp"

namespace lemmabench {
namespace {

struct AuditFlags {
  std::vector<std::string> paths;
  std::vector<std::string> advertised;
  std::string start = "exact";
  std::string json, junit, markdown;
  bool quiet = false;
  AuditRequest request;
};

/// "GLOB=ORDER"; the last '=' counts, since a source may have one.
AdvertisedOrder parse_advertised(const std::string& text) {
  const std::size_t at = text.rfind('=');
  long order = 0;
  const char* end = text.data() + text.size();
  const bool number = at != std::string::npos && at > 0 && [&] {
    const auto [stop, error] = std::from_chars(text.data() + at + 1, end, order);
    return error == std::errc() && stop == end;
  }();
  if (!number) {
    throw InputError(fmt::format(
        "--advertised '{}': write SAMPLER=ORDER, e.g. 'dpmpp_3m*=3'; SAMPLER is a glob over the "
        "schemes' \"source\"",
        quoted(text)));
  }
  return {text.substr(0, at), order};
}

void require_outputs(const AuditFlags& flags) {
  for (const std::string* file : {&flags.json, &flags.junit, &flags.markdown}) {
    if (!file->empty()) require_writable(*file);
  }
}

int run(AuditFlags& flags) {
  AuditRequest& request = flags.request;
  require_outputs(flags);
  for (const std::string& path : flags.paths) {
    FoundSchemes found = read_schemes(path, "audit");
    for (const std::string& other : found.others) {
      fmt::print(stderr, "audit: {} has no \"sigmas\" and is left out\n", other);
    }
    std::move(found.schemes.begin(), found.schemes.end(), std::back_inserter(request.schemes));
  }
  for (const std::string& text : flags.advertised) {
    request.advertised.push_back(parse_advertised(text));
  }
  if (request.targets.empty()) request.targets = default_audit_targets();
  request.start = flags.start == "exact" ? Start::exact : Start::gaussian;
  const Audit audit = run_audit(std::move(request));
  if (!flags.json.empty()) write_file_atomically(flags.json, audit_json(audit));
  if (!flags.junit.empty()) write_file_atomically(flags.junit, audit_junit(audit));
  if (!flags.markdown.empty()) write_file_atomically(flags.markdown, audit_markdown(audit));
  if (!flags.quiet) fmt::print("{}", audit_text(audit));
  return audit.exit_code();
}

}  // namespace

void add_audit_command(CLI::App& app, CommandOutcome& outcome) {
  auto flags = std::make_shared<AuditFlags>();
  CLI::App* command = app.add_subcommand(
      "audit", "Samplers given as data: their exact laws, their orders, and what is advertised");
  command
      ->add_option("schemes", flags->paths,
                   "directories of schemes, or single files: JSON as the Python package's trace "
                   "writes it (docs/audit.md); catalogue: the ones that come with the program")
      ->required();
  command->add_option("--target", flags->request.targets,
                      "where orders are measured; repeat it for several (default: one Gaussian, "
                      "mixture-three and mixture-near)");
  command->add_option("--advertised", flags->advertised,
                      "SAMPLER=ORDER: the order its author says, whatever the file says");
  command
      ->add_option("--start", flags->start,
                   "law of x_T: that of X_0 + sigma_0 Z, or what the "
                   "code starts from")
      ->check(CLI::IsMember({"gaussian", "exact"}))
      ->capture_default_str();
  command
      ->add_option("--most-calls", flags->request.most_calls,
                   "leave out laws on the line of noise with memory beyond so many model calls, "
                   "which cost minutes; 0 = none")
      ->check(CLI::Range(0L, 100000L))
      ->capture_default_str();
  command->add_option("--json", flags->json, "write the audit to this file");
  command->add_option("--junit", flags->junit, "write JUnit XML to this file");
  command->add_option("--markdown", flags->markdown, "write a summary for a pull request");
  add_threads_option(*command, flags->request.threads);
  command->add_flag("--quiet", flags->quiet, "no table: the exit code and the files say it");
  command->footer(
      "Examples:\n"
      "  lemmabench audit catalogue --most-calls 64\n"
      "  lemmabench audit schemes/\n"
      "  lemmabench audit mine_16.json mine_32.json mine_64.json mine_128.json "
      "--advertised '*=3'\n"
      "Exit code 1 if a sampler's order is certainly lower than advertised.");
  command->callback([flags, &outcome] { outcome.exit_code = run(*flags); });
}

}  // namespace lemmabench
