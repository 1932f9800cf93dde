#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "theory/process/output_law.hpp"

namespace lemmabench {

/// A sampler's file that a question needs, written beside the command: `name` is what --sampler
/// says, e.g. "./ddpm.toml".
struct AskedFile {
  std::string name;
  std::string text;
};

/// One law to ask for, in the words of the command line.
struct Ask {
  LawRequest request;
  int threads = 1;
  bool local_errors = false;
  std::optional<AskedFile> file;  ///< of the sampler, if it is one
};

/// Where the files of an ask lie; empty where it has none, or the name it gives them will do.
struct AskedPaths {
  std::string sampler;
  std::string levels;
};

/// The arguments of `lemmabench` that ask for it as JSON.
std::vector<std::string> arguments(const Ask& ask, const AskedPaths& paths = {});
/// What a person types to ask again: the files written first if there are any.
std::string command_of(const Ask& ask);

/// Levels from a file of this text, whose name is `kLevelsName`: as a request has them.
ScheduleKind levels_of_text(const std::string& text, LevelScale scale);
inline constexpr std::string_view kLevelsName = "levels.json";
/// The text of that file: a list of all numbers, infinity as "inf", as levels_of_text was given it.
std::string levels_text(const ListedSchedule& levels);

/// What came back.
struct Answer {
  enum class End {
    answered,  ///< `text` is the JSON of a law
    refused,   ///< exit code 2 or 3 with a reason, which is `text`
    crashed,   ///< a signal, an exception nobody meant, no answer: `text` says which
    slow       ///< no answer within the limit
  };
  End end = End::answered;
  std::string text;
};

/// Answers a question. The selftest's own runs the program in a child with limits; tests hand in
/// functions that answer wrongly.
using Answerer = std::function<Answer(const Ask&)>;

/// Runs `program` (this very program if empty) with the arguments of the ask, within `seconds` of
/// processor time, ten times that of wall clock, and 4 GB: what hangs or crashes does so alone.
Answerer child_answerer(double seconds, std::string program = "");

/// The class of a program's end: its exit code and the last line it said. A message that only the
/// standard library writes is an exception that nobody meant, and counts as a crash.
Answer classify_exit(int code, std::string out, std::string message);

}  // namespace lemmabench
