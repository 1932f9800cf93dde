#pragma once

#include <functional>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <vector>

/// Bugs planted in the engines and claims themselves, by a change of their source: does the test
/// suite see them? `./run engine-mutants` plants each in a copy of the sources, builds it and runs
/// the tests that should notice; what it finds is recorded in
/// harness/studies/mutation/engine_bugs/*.toml and shown by `lemmabench mutants --engines`. No code
/// that runs knows of any of it.
namespace lemmabench {

/// One planted bug.
struct EngineBug {
  std::string id;
  std::string title;               ///< what is wrong, in plain English
  std::string file;                ///< from the root of the checkout
  std::string right;               ///< text that stands in it exactly once
  std::string wrong;               ///< what the bug puts in its place
  std::vector<std::string> tests;  ///< "harness_test: name of a case, * allowed", in order
  bool recorded = false;           ///< whether ./run engine-mutants has judged it
  std::string caught_by;           ///< the first test that failed; empty if none did
  std::string survives;            ///< why none does

  bool caught() const { return !caught_by.empty(); }
  /// Judged, and caught or a survivor with a reason; never both.
  bool as_recorded() const { return recorded && caught() == survives.empty(); }
};

struct EngineBugs {
  std::vector<EngineBug> bugs;

  std::size_t caught() const;
  std::size_t judged() const;
  /// Every one judged, at least 95 % caught, and a reason for each that is not.
  bool passed() const;
  /// Those whose id, file or title the regular expression (ECMAScript) finds something in. Throws
  /// InputError for a malformed one and where none is left.
  EngineBugs filtered(const std::string& expression) const;
};

/// What judges them, and whose outcomes are shown.
inline constexpr const char* kEngineBugsCommand = "./run engine-mutants";
inline constexpr const char* kWhoseOutcomes =
    "recorded by the last ./run engine-mutants, which plants each bug in a copy of the sources, "
    "builds it and runs the tests that should notice; nothing is planted or run by this command";

inline constexpr std::size_t kLeastEngineBugs = 40;

/// Reads one document:
///
///     [[bug]]
///     id = "schedule-min-in-double"
///     title = "..."
///     file = "theory/process/schedule.cpp"
///     right = '''...'''
///     wrong = '''...'''
///     tests = ["theory_test: a min of a schedule*"]
///     caught_by = "theory_test: ..."   # written by ./run engine-mutants; "": by none, and then
///     survives = "why"
///
/// Throws InputError (file:line) for malformed TOML, an unknown or missing key, a bug that changes
/// nothing, or a test that is not "program: name".
EngineBugs parse_engine_bugs(std::string_view document, const std::string& file);

/// The bank compiled into the program, room by room.
EngineBugs built_in_engine_bugs();

/// What is wrong with the bank, a line each; empty if nothing is: an id that stands twice, a bug
/// whose `right` text does not stand exactly once in its file, an outcome without a reason, a test
/// that caught one and is there no more, too few bugs, and too few caught of those that were
/// judged. One that was never judged claims nothing, and passed() is false as long as there is one.
/// `read` gives the text of a file of the checkout, `tests` the names of the test cases there are
/// of a program.
std::vector<std::string> engine_bug_troubles(
    const EngineBugs& bank, const std::function<std::string(const std::string&)>& read,
    const std::function<std::vector<std::string>(const std::string&)>& tests);

}  // namespace lemmabench
