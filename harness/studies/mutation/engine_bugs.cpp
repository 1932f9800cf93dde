#include "harness/studies/mutation/engine_bugs.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <regex>
#include <set>
#include <utility>

#include "engine_bug_files.hpp"
#include "harness/io/toml_document.hpp"
#include "harness/studies/mutation/hunt.hpp"
#include "numerics/error.hpp"
#include "numerics/quoted.hpp"

namespace lemmabench {
namespace {

EngineBug read_bug(const TomlDocument& document, const toml::table& within) {
  document.check_keys(within,
                      {"id", "title", "file", "right", "wrong", "tests", "caught_by", "survives"});
  EngineBug out;
  out.id = document.needed_word(within, "id");
  out.title = document.needed_word(within, "title");
  out.file = document.needed_word(within, "file");
  out.right = document.needed_word(within, "right");
  out.wrong = document.needed_word(within, "wrong");
  if (out.right.empty() || out.right == out.wrong) {
    document.fail(within, "right is some text of the file, wrong is another in its place");
  }
  for (const toml::node* node : document.entries(within, "tests")) {
    out.tests.push_back(document.word("tests", *node));
    const std::size_t colon = out.tests.back().find("_test: ");
    if (colon == 0 || colon == std::string::npos) {
      document.fail(*node, "a test is written \"program_test: name of a case, * allowed\"");
    }
  }
  if (out.tests.empty()) {
    document.fail(within, "tests = [...] names what should catch it");
  }
  out.recorded = within.contains("caught_by");
  out.caught_by = out.recorded ? document.needed_word(within, "caught_by") : "";
  out.survives = within.contains("survives") ? document.needed_word(within, "survives") : "";
  return out;
}

/// How often `part` stands in `text`.
long occurrences(const std::string& text, const std::string& part) {
  long out = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) {
    ++out;
  }
  return out;
}

/// Why the record of a bug is none; empty if it is one.
std::string trouble_with_record(
    const EngineBug& bug,
    const std::function<std::vector<std::string>(const std::string&)>& tests) {
  if (!bug.recorded) {
    return "";  // passed() does not forgive it
  }
  if (bug.caught() && !bug.survives.empty()) {
    return "has a reason to survive and is caught";
  }
  if (!bug.caught()) {
    return bug.survives.empty() ? "survives without a reason: write the test it lacks" : "";
  }
  const std::size_t colon = bug.caught_by.find(": ");
  const std::vector<std::string> known = colon == std::string::npos
                                             ? std::vector<std::string>()
                                             : tests(bug.caught_by.substr(0, colon));
  const bool there =
      std::find(known.begin(), known.end(), bug.caught_by.substr(colon + 2)) != known.end();
  return there ? ""
               : fmt::format(
                     "was caught by a test that is there no more, {}: ./run "
                     "engine-mutants {}",
                     bug.caught_by, bug.id);
}

}  // namespace

std::size_t EngineBugs::caught() const {
  return static_cast<std::size_t>(
      std::count_if(bugs.begin(), bugs.end(), [](const EngineBug& bug) { return bug.caught(); }));
}

std::size_t EngineBugs::judged() const {
  return static_cast<std::size_t>(
      std::count_if(bugs.begin(), bugs.end(), [](const EngineBug& bug) { return bug.recorded; }));
}

bool EngineBugs::passed() const {
  return !bugs.empty() &&
         static_cast<double>(caught()) >= kLeastCaught * static_cast<double>(bugs.size()) &&
         std::all_of(bugs.begin(), bugs.end(),
                     [](const EngineBug& bug) { return bug.as_recorded(); });
}

EngineBugs EngineBugs::filtered(const std::string& expression) const {
  std::regex wanted;
  try {
    wanted = std::regex(expression, std::regex::ECMAScript);
  } catch (const std::regex_error& error) {
    throw InputError(
        fmt::format("--filter '{}': no regular expression: {}", quoted(expression), error.what()));
  }
  EngineBugs out;
  std::copy_if(bugs.begin(), bugs.end(), std::back_inserter(out.bugs), [&](const EngineBug& bug) {
    return std::regex_search(bug.id, wanted) || std::regex_search(bug.file, wanted) ||
           std::regex_search(bug.title, wanted);
  });
  if (out.bugs.empty()) {
    throw InputError(
        fmt::format("--filter '{}': finds nothing in any of the {} bugs of the "
                    "engines, e.g. {}",
                    quoted(expression), bugs.size(), bugs.front().id));
  }
  return out;
}

EngineBugs parse_engine_bugs(std::string_view text, const std::string& file) {
  const TomlDocument document = TomlDocument::parse(text, file);
  document.check_keys(document.table, {"bug"});
  EngineBugs out;
  for (const toml::node* node : document.entries(document.table, "bug")) {
    const toml::table* table = node->as_table();
    if (table == nullptr) {
      document.fail(*node, "bug is written as a table [[bug]]");
    }
    out.bugs.push_back(read_bug(document, *table));
  }
  if (out.bugs.empty()) {
    throw InputError(fmt::format("{}: holds no [[bug]]", file));
  }
  return out;
}

EngineBugs built_in_engine_bugs() {
  EngineBugs out;
  for (const EmbeddedFile& file : engine_bug_files()) {
    EngineBugs room = parse_engine_bugs(file.text, std::string(file.name));
    std::move(room.bugs.begin(), room.bugs.end(), std::back_inserter(out.bugs));
  }
  return out;
}

std::vector<std::string> engine_bug_troubles(
    const EngineBugs& bank, const std::function<std::string(const std::string&)>& read,
    const std::function<std::vector<std::string>(const std::string&)>& tests) {
  std::vector<std::string> out;
  std::set<std::string> known;
  for (const EngineBug& bug : bank.bugs) {
    if (!known.insert(bug.id).second) {
      out.push_back(fmt::format("{} stands twice", bug.id));
    }
    const long times = occurrences(read(bug.file), bug.right);
    if (times != 1) {
      out.push_back(fmt::format("{} is stale: its right text stands {} times in {}; write it anew",
                                bug.id, times, bug.file));
    }
    const std::string trouble = trouble_with_record(bug, tests);
    if (!trouble.empty()) {
      out.push_back(fmt::format("{} {}", bug.id, trouble));
    }
  }
  if (bank.bugs.size() < kLeastEngineBugs) {
    out.push_back(fmt::format("there are {} bugs, at least {} are wanted", bank.bugs.size(),
                              kLeastEngineBugs));
  }
  if (static_cast<double>(bank.caught()) < kLeastCaught * static_cast<double>(bank.judged())) {
    out.push_back(
        fmt::format("{} of {} judged are caught, less than 95 %", bank.caught(), bank.judged()));
  }
  return out;
}

}  // namespace lemmabench
