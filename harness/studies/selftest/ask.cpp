#include "harness/studies/selftest/ask.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <array>
#include <cmath>
#include <csignal>
#include <cstring>
#include <utility>
#include <variant>

#include "cases/levels_file.hpp"
#include "harness/io/files.hpp"
#include "harness/plugin/answer_file.hpp"
#include "harness/plugin/child_process.hpp"
#include "harness/plugin/toolchain.hpp"
#include "harness/records/request_text.hpp"
#include "numerics/error.hpp"

namespace lemmabench {
namespace {

constexpr double kPatience = 10;  // of wall clock for the processor's seconds
constexpr int kHolds = 0;
constexpr int kInput = 2;
constexpr int kFailure = 3;

/// The last line, without the name of the program.
std::string last_line(std::string text) {
  while (!text.empty() && text.back() == '\n') {
    text.pop_back();
  }
  text = text.substr(text.find_last_of('\n') + 1);
  constexpr std::string_view kName = "lemmabench: ";
  return text.starts_with(kName) ? text.substr(kName.size()) : text;
}

/// Words of exceptions that come from the standard library or a dependency, not from us.
bool unmeant(std::string_view message) {
  constexpr std::array<std::string_view, 9> kSigns{
      "std::",     "vector::",       "basic_string",     "bad_", "map::at", "out of memory",
      "terminate", "json.exception", "Error in function"};
  for (const std::string_view sign : kSigns) {
    if (message.find(sign) != std::string_view::npos) {
      return true;
    }
  }
  return message.empty();
}

}  // namespace

std::string levels_text(const ListedSchedule& levels) {
  std::vector<std::string> numbers;
  for (const double x : *levels.values) {
    numbers.push_back(std::isinf(x) ? "\"inf\"" : fmt::format("{}", x));
  }
  return fmt::format("[{}]", fmt::join(numbers, ","));
}

ScheduleKind levels_of_text(const std::string& text, LevelScale scale) {
  return parse_levels(text, std::string(kLevelsName), scale, "selftest");
}

std::vector<std::string> arguments(const Ask& ask, const AskedPaths& paths) {
  LawRequest request = ask.request;
  if (!paths.sampler.empty()) {
    request.sampler = paths.sampler;
  }
  if (auto* levels = std::get_if<ListedSchedule>(&request.schedule);
      levels != nullptr && !paths.levels.empty()) {
    levels->file = paths.levels;
  }
  std::vector<std::string> out = request_options(request);
  out.insert(out.begin(), "law");
  out.insert(out.end(), {"--threads", fmt::format("{}", ask.threads), "--format", "json"});
  if (ask.local_errors) {
    out.emplace_back("--local");
  }
  return out;
}

std::string command_of(const Ask& ask) {
  std::string out;
  if (ask.file) {
    out = fmt::format("printf '%s' '{}' > {}\n", ask.file->text, ask.file->name);
  }
  if (const auto* levels = std::get_if<ListedSchedule>(&ask.request.schedule)) {
    out += fmt::format("printf '%s' '{}' > {}\n", levels_text(*levels), levels->file);
  }
  out += command_text(ask.request);
  if (ask.local_errors) {
    out += " --local";
  }
  if (ask.threads != 1) {
    out += fmt::format(" --threads {}", ask.threads);
  }
  return out;
}

Answer classify_exit(int code, std::string out, std::string message) {
  if (code == kHolds) {
    return {Answer::End::answered, std::move(out)};
  }
  if ((code == kInput || code == kFailure) && !unmeant(message)) {
    return {Answer::End::refused, std::move(message)};
  }
  return {Answer::End::crashed, fmt::format("exit code {}: {}", code, message)};
}

namespace {

void replace_all(std::string& text, const std::string& from, const std::string& to) {
  for (std::size_t at = from.empty() ? std::string::npos : text.find(from); at != std::string::npos;
       at = text.find(from, at + to.size())) {
    text.replace(at, from.size(), to);
  }
}

/// The command under a limit of processor time, which a loaded machine does not use up. The shell
/// sets it: at the soft limit the kernel sends SIGXCPU.
std::vector<std::string> limited(double seconds, std::vector<std::string> command) {
  const std::vector<std::string> shell{
      "/bin/sh", "-c", fmt::format("ulimit -S -t {:.0f}; exec \"$@\"", std::ceil(seconds)), "sh"};
  command.insert(command.begin(), shell.begin(), shell.end());
  return command;
}

}  // namespace

Answerer child_answerer(double seconds, std::string program) {
  if (program.empty()) {
    program = program_path();
  }
  return [seconds, program](const Ask& ask) -> Answer {
    const AnswerFile scratch(".toml");
    const AnswerFile levels_file;
    AskedPaths paths;
    if (ask.file) {
      write_file_atomically(scratch.path(), ask.file->text);
      paths.sampler = scratch.path().string();
    }
    if (const auto* levels = std::get_if<ListedSchedule>(&ask.request.schedule)) {
      write_file_atomically(levels_file.path(), levels_text(*levels));
      paths.levels = levels_file.path().string();
    }
    std::vector<std::string> words = arguments(ask, paths);
    words.insert(words.begin(), program);
    ChildOutcome outcome = run_child(limited(seconds, std::move(words)), {},
                                     {.seconds = kPatience * seconds, .memory_gigabytes = 4});
    if (outcome.end == ChildOutcome::End::too_slow ||
        (outcome.end == ChildOutcome::End::crashed && outcome.code == SIGXCPU)) {
      return {Answer::End::slow, fmt::format("no answer within {:g} s", seconds)};
    }
    if (outcome.end == ChildOutcome::End::too_much_output) {
      return {Answer::End::crashed, "it printed without end"};
    }
    std::string message = last_line(std::move(outcome.err));
    if (outcome.end == ChildOutcome::End::crashed) {
      return {Answer::End::crashed, fmt::format("{} {}", ::strsignal(outcome.code), message)};
    }
    // Two asks for one law must not differ by where their files lay.
    for (std::string* said : {&outcome.out, &message}) {
      replace_all(*said, paths.levels, std::string(kLevelsName));
    }
    return classify_exit(outcome.code, std::move(outcome.out), std::move(message));
  };
}

}  // namespace lemmabench
