// The command line: parses, hands over to the commands, and maps failures to exit codes
// (0 holds, 1 violated or inconclusive, 2 bad usage or input, 3 internal or resource failure).

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <new>
#include <string>
#include <vector>

#include "app/commands/commands.hpp"
#include "cases/spec.hpp"
#include "harness/plugin/guarded_law.hpp"
#include "harness/plugin/header_sampler.hpp"
#include "lemmabench_version.hpp"
#include "numerics/error.hpp"

namespace {

constexpr int kUsage = 2;
constexpr int kInternal = 3;

/// One line on stderr, whatever the message holds.
void complain(std::string message) {
  for (char& c : message) {
    c = c == '\n' ? ' ' : c;
  }
  std::fprintf(stderr, "lemmabench: %s\n", message.c_str());
}

std::string version_text() {
  namespace version = lemmabench::version;
  std::string out = "lemmabench " + std::string(version::number);
  if (!version::commit.empty()) {
    out += " (" + std::string(version::commit) + ")";
  }
  return out + ", " + std::string(version::compiler) + ", " + std::string(version::build_type);
}

/// CLI11 only says that some subcommand is missing; we say which one was meant.
void refuse_unknown_command(const CLI::App& app, int argc, char** argv) {
  if (argc < 2 || argv[1][0] == '-') {
    return;
  }
  std::vector<std::string> known;
  for (const CLI::App* command : app.get_subcommands([](const CLI::App*) { return true; })) {
    known.push_back(command->get_name());
  }
  if (std::find(known.begin(), known.end(), argv[1]) == known.end()) {
    lemmabench::throw_unknown_name("command line", "command", argv[1], known,
                                   "`lemmabench --help` shows all");
  }
}

int run(int argc, char** argv) {
  CLI::App app{
      "Turns the convergence theory of diffusion samplers into executable, checked statements.",
      "lemmabench"};
  app.set_version_flag("--version", version_text());
  app.require_subcommand(1);
  app.footer(
      "A first look:\n"
      "  lemmabench law --target gaussian:dim=5,variance=0.3 --sampler li-cai --steps 200\n"
      "  lemmabench law --target mixture-three --sampler ddpm --steps 200 --format json\n"
      "  lemmabench report --suite quick -o out/report\n"
      "  lemmabench list samplers\n\n"
      "Exit codes: 0 all asked for holds; 1 violated, regressed or inconclusive; 2 bad usage or "
      "input;\n3 internal or resource failure.");
  lemmabench::register_header_samplers(lemmabench::guard_with(lemmabench::ChildLimits{}));
  lemmabench::CommandOutcome outcome;
  lemmabench::add_commands(app, outcome);
  refuse_unknown_command(app, argc, argv);
  try {
    app.parse(argc, argv);
  } catch (const CLI::Success& success) {
    return app.exit(success);  // --help, --version
  } catch (const CLI::ParseError& error) {
    complain(std::string(error.what()) + " (`lemmabench --help` shows how)");
    return kUsage;
  }
  return outcome.exit_code;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return run(argc, argv);
  } catch (const lemmabench::InputError& error) {
    complain(error.what());
    return kUsage;
  } catch (const std::bad_alloc&) {
    complain("out of memory; use fewer steps, fewer components or fewer digits");
    return kInternal;
  } catch (const std::exception& error) {
    complain(error.what());
    return kInternal;
  }
}
