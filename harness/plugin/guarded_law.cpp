#include "harness/plugin/guarded_law.hpp"

#include <fmt/format.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <filesystem>
#include <fstream>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "harness/io/files.hpp"
#include "harness/plugin/answer_file.hpp"
#include "harness/plugin/compile_plugin.hpp"
#include "harness/plugin/header_sampler.hpp"
#include "harness/plugin/toolchain.hpp"
#include "harness/records/law_json.hpp"
#include "harness/records/request_text.hpp"
#include "numerics/error.hpp"

namespace lemmabench {
namespace {

namespace fs = std::filesystem;

constexpr const char* kChildMark = "LEMMABENCH_CHILD";
/// Where a child leaves what it would have printed (put_output).
constexpr const char* kResultFile = "LEMMABENCH_RESULT";
constexpr int kFalseExit = 1;
constexpr int kInputExit = 2;

/// Does something once a run for each name, also where it fails: a sweep may have many cells.
class OncePerName {
 public:
  template <class Action>
  void run(const std::string& name, Action action) {
    const std::lock_guard<std::mutex> lock(mutex_);
    const auto [outcome, unknown] = outcomes_.try_emplace(name);
    if (unknown) {
      try {
        action();
      } catch (...) {
        outcome->second = std::current_exception();
      }
    }
    if (outcome->second) {
      std::rethrow_exception(outcome->second);
    }
  }

 private:
  std::mutex mutex_;
  std::map<std::string, std::exception_ptr> outcomes_;
};

/// Compiled in the parent, where the time limit of the law does not count.
void compile_once(const std::string& header) {
  static OncePerName once;
  once.run(header, [&] { static_cast<void>(compile_plugin(header)); });
}

/// The arguments this program was started with.
std::vector<std::string> own_arguments() {
  std::ifstream in("/proc/self/cmdline", std::ios::binary);
  std::vector<std::string> out;
  for (std::string one; std::getline(in, one, '\0');) {
    out.push_back(one);
  }
  if (!out.empty()) {
    out.erase(out.begin());
  }
  return out;
}

/// The arguments that ask a child for the law.
std::vector<std::string> law_arguments(const LawRequest& request, const LawOptions& options,
                                       const fs::path& answer) {
  std::vector<std::string> out = request_options(request);
  out.insert(out.begin(), "law");
  out.insert(out.end(), {"--threads", fmt::format("{}", options.threads), "--format", "json",
                         "--output", answer.string()});
  if (options.local_errors) {
    out.emplace_back("--local");
  }
  return out;
}

/// The child's last message, without the program's name.
std::string last_message(const std::string& text) {
  std::string out = text;
  while (!out.empty() && out.back() == '\n') {
    out.pop_back();
  }
  out = out.substr(out.find_last_of('\n') + 1);
  constexpr std::string_view kName = "lemmabench: ";
  return out.compare(0, kName.size(), kName) == 0 ? out.substr(kName.size()) : out;
}

[[noreturn]] void fail_by_limit(const std::string& sampler, const ChildOutcome& outcome,
                                const ChildLimits& limits) {
  switch (outcome.end) {
    case ChildOutcome::End::too_slow:
      throw NumericalFailure(fmt::format(
          "--sampler {}: no result after {} s; --time-limit allows more", sampler, limits.seconds));
    case ChildOutcome::End::too_much_output:
      throw NumericalFailure(fmt::format("--sampler {}: it printed without end", sampler));
    default:
      throw NumericalFailure(fmt::format("--sampler {}: it crashed ({}){}{}", sampler,
                                         ::strsignal(outcome.code), outcome.err.empty() ? "" : ": ",
                                         last_message(outcome.err)));
  }
}

[[noreturn]] void fail_as_child(const std::string& sampler, const ChildOutcome& outcome,
                                const ChildLimits& limits) {
  const std::string message = last_message(outcome.err);
  if (outcome.code == kInputExit) {
    throw InputError(message);
  }
  const bool memory = message.compare(0, 13, "out of memory") == 0;
  throw NumericalFailure(memory
                             ? fmt::format("--sampler {}: it asked for more than {} GB of memory",
                                           sampler, limits.memory_gigabytes)
                             : fmt::format("--sampler {}: {}", sampler, message));
}

/// guarded_answer() with the child's exit code.
GuardedOutput run_guarded(const std::string& sampler, std::vector<std::string> arguments,
                          const fs::path& answer, const ChildLimits& limits) {
  compile_once(sampler.substr(0, sampler.find(':')));
  arguments.insert(arguments.begin(), program_path());
  const ChildOutcome outcome = run_child(
      arguments,
      {std::string(kChildMark) + "=1", fmt::format("{}={}", kResultFile, answer.string())}, limits);
  if (outcome.end != ChildOutcome::End::exited) {
    fail_by_limit(sampler, outcome, limits);
  }
  if (outcome.code > kFalseExit) {
    fail_as_child(sampler, outcome, limits);
  }
  // What the sampler prints is for its author.
  std::fwrite(outcome.out.data(), 1, outcome.out.size(), stderr);
  std::fwrite(outcome.err.data(), 1, outcome.err.size(), stderr);
  if (!fs::exists(answer)) {
    throw NumericalFailure(
        fmt::format("--sampler {}: it ended the program without a result", sampler));
  }
  return {read_file(answer), outcome.code};
}

}  // namespace

std::optional<ChildLimits> guard_with(const ChildLimits& limits) {
  return std::getenv(kChildMark) == nullptr ? std::optional(limits) : std::nullopt;
}

bool needs_guard(const std::string& sampler, const std::optional<ChildLimits>& guard) {
  return guard && is_header_sampler(sampler);
}

std::string guarded_answer(const std::string& sampler, std::vector<std::string> arguments,
                           const std::filesystem::path& answer, const ChildLimits& limits) {
  return run_guarded(sampler, std::move(arguments), answer, limits).text;
}

std::optional<GuardedOutput> guarded_output(const std::string& sampler,
                                            const std::optional<ChildLimits>& guard) {
  if (!needs_guard(sampler, guard)) {
    return std::nullopt;
  }
  const AnswerFile answer;
  return run_guarded(sampler, own_arguments(), answer.path(), *guard);
}

void require_harmless(const std::string& sampler, const ChildLimits& limits) {
  static OncePerName once;
  once.run(sampler, [&] {
    const AnswerFile answer;
    static_cast<void>(guarded_answer(sampler, {"show", sampler}, answer.path(), limits));
  });
}

LawResult guarded_law(const LawRequest& request, const LawOptions& options) {
  const AnswerFile answer;
  return law_from_json(
      guarded_answer(request.sampler, law_arguments(request, options, answer.path()), answer.path(),
                     options.guard.value()),
      "--sampler " + request.sampler);
}

}  // namespace lemmabench
