#include "app/commands/shared_options.hpp"

#include <cstdio>
#include <cstdlib>

#include "harness/io/files.hpp"
#include "numerics/parallel.hpp"

namespace lemmabench {

void add_output_options(CLI::App& command, std::string& format, std::string& output) {
  command.add_option("--format", format, "text or json")
      ->check(CLI::IsMember({"text", "json"}))
      ->capture_default_str();
  command.add_option("-o,--output", output, "write to this file instead of the terminal");
}

void put_output(const std::string& output, const std::string& text) {
  if (!output.empty()) {
    write_file_atomically(output, text);
  }
  // A child of our own (harness/plugin/guarded_law.hpp) hands its result over in a file: stdout is
  // where a sampler prints.
  if (const char* result = std::getenv("LEMMABENCH_RESULT")) {
    write_file_atomically(result, text);
  } else if (output.empty()) {
    std::fwrite(text.data(), 1, text.size(), stdout);
  }
}

void add_threads_option(CLI::App& command, int& threads, const char* old_name) {
  threads = available_threads();
  const CLI::Range range(1, 1024);
  CLI::Option* option = command
                            .add_option("--threads", threads,
                                        "number of threads (default: one a processor); results are "
                                        "bit-identical for any value")
                            ->check(range);
  if (old_name != nullptr) {
    add_old_name(command, old_name, option, threads)->check(range);
  }
}

void add_confidence_option(CLI::App& command, double& level) {
  CLI::Option* option =
      command
          .add_option("--confidence", level,
                      "probability with which an interval holds (0.5 to 0.999999)")
          ->capture_default_str();
  add_old_name(command, "--level", option, level);
}

CLI::Option* as_old_name(CLI::Option* old_option, const CLI::Option* option) {
  // Not by excludes(), which the help would show.
  return old_option->group("")->check([old_option, option](const std::string&) -> std::string {
    if (option->count() > 0) {
      throw CLI::ParseError("--" + old_option->get_lnames().front() + " is the old name of " +
                                option->get_name() + ": give one of the two",
                            CLI::ExitCodes::ExcludesError);
    }
    return {};
  });
}

void add_limit_options(CLI::App& command, ChildLimits& limits) {
  command
      .add_option("--time-limit", limits.seconds,
                  "seconds that one law of a sampler from a header (./mine.hpp) may take")
      ->check(CLI::Range(0.1, 1e6))
      ->capture_default_str();
  command
      .add_option("--memory-limit", limits.memory_gigabytes,
                  "gigabytes of address space that such a law may take")
      ->check(CLI::Range(0.5, 1e6))
      ->capture_default_str();
}

}  // namespace lemmabench
