#include "harness/plugin/guarded_law.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <filesystem>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include "harness/certificate_law.hpp"
#include "harness/files.hpp"
#include "harness/law_json.hpp"
#include "harness/plugin/compile_plugin.hpp"
#include "harness/plugin/header_sampler.hpp"
#include "harness/plugin/toolchain.hpp"
#include "numerics/error.hpp"

namespace lemmabench {
namespace {

namespace fs = std::filesystem;

constexpr const char* kChildMark = "LEMMABENCH_CHILD";
constexpr int kInputExit = 2;

std::optional<ChildLimits>& guard() {
  static std::optional<ChildLimits> limits;
  return limits;
}

/// Compiles each header once a run, also where it fails: a sweep may have many cells of it.
/// Compiled in the parent, where the time limit of the law does not count.
void compile_once(const std::string& header) {
  static std::mutex mutex;
  static std::map<std::string, std::exception_ptr> outcomes;
  const std::lock_guard<std::mutex> lock(mutex);
  const auto [outcome, unknown] = outcomes.try_emplace(header);
  if (unknown) {
    try {
      static_cast<void>(compile_plugin(header));
    } catch (...) {
      outcome->second = std::current_exception();
    }
  }
  if (outcome->second) {
    std::rethrow_exception(outcome->second);
  }
}

/// A name for a file of our own that the child writes its answer to: what the sampler prints must
/// not mix with it. Removed at the end.
class AnswerFile {
 public:
  AnswerFile() {
    static std::atomic<int> count{0};
    path_ = fs::temp_directory_path() / fmt::format("lemmabench.{}.{}.json", ::getpid(), ++count);
  }
  AnswerFile(const AnswerFile&) = delete;
  AnswerFile& operator=(const AnswerFile&) = delete;
  ~AnswerFile() {
    std::error_code not_there;
    fs::remove(path_, not_there);
  }
  const fs::path& path() const { return path_; }

 private:
  fs::path path_;
};

/// The command that asks a child for the law.
std::vector<std::string> child_command(const LawRequest& request, const LawOptions& options,
                                       const fs::path& answer) {
  const std::vector<std::pair<const char*, std::string>> flags{
      {"--target", request.target},
      {"--sampler", request.sampler},
      {"--steps", fmt::format("{}", request.steps)},
      {"--schedule", text(request.schedule)},
      {"--score", request.score},
      {"--start", request.start == Start::exact ? "exact" : "gaussian"},
      {"--arithmetic", request.arithmetic},
      {"--threads", fmt::format("{}", options.threads)},
      {"--format", "json"},
      {"--output", answer}};
  std::vector<std::string> out{program_path(), "law"};
  for (const auto& [flag, value] : flags) {
    out.emplace_back(flag);
    out.push_back(value);
  }
  if (request.digits > 0) {
    out.insert(out.end(), {"--digits", fmt::format("{}", request.digits)});
  }
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

[[noreturn]] void fail_by_limit(const std::string& sampler, const ChildOutcome& outcome) {
  const ChildLimits limits = guard_limits();
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

[[noreturn]] void fail_as_child(const std::string& sampler, const ChildOutcome& outcome) {
  const std::string message = last_message(outcome.err);
  if (outcome.code == kInputExit) {
    throw InputError(message);
  }
  const bool memory = message.compare(0, 13, "out of memory") == 0;
  throw NumericalFailure(memory
                             ? fmt::format("--sampler {}: it asked for more than {} GB of memory",
                                           sampler, guard_limits().memory_gigabytes)
                             : fmt::format("--sampler {}: {}", sampler, message));
}

}  // namespace

void guard_laws(const ChildLimits& limits) {
  if (std::getenv(kChildMark) == nullptr) {
    guard() = limits;
  }
}

ChildLimits guard_limits() { return guard().value_or(ChildLimits{}); }

bool needs_guard(const LawRequest& request) {
  return guard() && is_header_sampler(request.sampler) && !is_certificate(request.arithmetic);
}

LawResult guarded_law(const LawRequest& request, const LawOptions& options) {
  compile_once(request.sampler.substr(0, request.sampler.find(':')));
  const AnswerFile answer;
  const ChildOutcome outcome = run_child(child_command(request, options, answer.path()),
                                         {std::string(kChildMark) + "=1"}, guard_limits());
  if (outcome.end != ChildOutcome::End::exited) {
    fail_by_limit(request.sampler, outcome);
  }
  if (outcome.code != 0) {
    fail_as_child(request.sampler, outcome);
  }
  // What the sampler prints is for its author.
  std::fwrite(outcome.out.data(), 1, outcome.out.size(), stderr);
  std::fwrite(outcome.err.data(), 1, outcome.err.size(), stderr);
  if (!fs::exists(answer.path())) {
    throw NumericalFailure(
        fmt::format("--sampler {}: it ended the program without a result", request.sampler));
  }
  return law_from_json(read_file(answer.path()), "--sampler " + request.sampler);
}

}  // namespace lemmabench
