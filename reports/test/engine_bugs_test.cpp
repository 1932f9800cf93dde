// The bank of bugs in the engines against the sources they are planted in. Whether each is caught
// is what ./run engine-mutants finds out; here is whether its records can still be believed.
#include "harness/studies/mutation/engine_bugs.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "numerics/error.hpp"
#include "reports/json/engine_bugs_json.hpp"
#include "reports/text/engine_bugs_text.hpp"

using namespace lemmabench;

namespace {

const std::string kRoot = LEMMABENCH_SOURCE_DIR;

std::string text_of(const std::string& path) {
  std::ifstream in(path);
  return {std::istreambuf_iterator<char>(in), {}};
}

std::string text_of_source(const std::string& file) { return text_of(kRoot + "/" + file); }

/// The string literals that follow one another from `at` on, as one.
std::string literals(const std::string& text, std::size_t at) {
  std::string out;
  while (at < text.size() && text[at] == '"') {
    for (++at; at < text.size() && text[at] != '"'; ++at) {
      at += text[at] == '\\' ? 1 : 0;
      out += text[at];
    }
    at = text.find_first_not_of(" \n", at + 1);
  }
  return out;
}

/// The names of the test cases of a program, from its sources.
std::vector<std::string> cases_of(const std::string& program) {
  const bool slow = program.ends_with("_slow_test");
  const std::string room = program.substr(0, program.find('_'));
  std::vector<std::string> out;
  for (const auto& entry :
       std::filesystem::recursive_directory_iterator(kRoot + "/" + room + "/test")) {
    const std::string name = entry.path().filename().string();
    if (!name.ends_with("_test.cpp") || name.ends_with("_slow_test.cpp") != slow) {
      continue;
    }
    const std::string text = text_of(entry.path().string());
    const std::string start = "TEST_CASE(";
    for (std::size_t at = text.find(start); at != std::string::npos;
         at = text.find(start, at + 1)) {
      out.push_back(literals(text, text.find_first_not_of(" \n", at + start.size())));
    }
  }
  return out;
}

/// The bank under test, so that its troubles are found whatever the real one's are.
EngineBugs sound_bank() {
  EngineBugs out;
  for (std::size_t i = 0; i < kLeastEngineBugs; ++i) {
    EngineBug bug;
    bug.id = "bug-" + std::to_string(i);
    bug.title = "a sign";
    bug.file = "room/file.cpp";
    bug.right = "a + b";
    bug.wrong = "a - b";
    bug.tests = {"room_test: sums*"};
    bug.recorded = true;
    bug.caught_by = "room_test: sums are right";
    out.bugs.push_back(bug);
  }
  return out;
}

std::vector<std::string> troubles_of(const EngineBugs& bank) {
  return engine_bug_troubles(
      bank, [](const std::string&) { return std::string("return a + b;"); },
      [](const std::string&) { return std::vector<std::string>{"sums are right"}; });
}

/// The only trouble of a bank.
std::string trouble_of(const EngineBugs& bank) {
  const std::vector<std::string> all = troubles_of(bank);
  REQUIRE(all.size() == 1);
  return all.front();
}

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("engine bugs: every one still applies, and 95 % of those judged are caught") {
  const EngineBugs bank = built_in_engine_bugs();
  CHECK(bank.bugs.size() >= kLeastEngineBugs);
  for (const std::string& trouble : engine_bug_troubles(bank, text_of_source, cases_of)) {
    FAIL_CHECK(trouble);
  }
}

TEST_CASE("engine bugs: the names of test cases are read from their sources") {
  const std::vector<std::string> names = cases_of("reports_test");
  const auto known = [&](const char* name) {
    return std::find(names.begin(), names.end(), name) != names.end();
  };
  CHECK(known("engine bugs: every one still applies, and 95 % of those judged are caught"));
  CHECK_FALSE(known("engine bugs: a case that nobody has written"));
  CHECK_FALSE(known("a threshold lies between what is caught and what is not"));  // a slow one
}

TEST_CASE("engine bugs: a bank that cannot be believed is found out") {
  CHECK(troubles_of(sound_bank()).empty());
  CHECK(sound_bank().passed());

  EngineBugs bank = sound_bank();
  bank.bugs[3].right = "a * b";
  CHECK(has(trouble_of(bank), "bug-3 is stale: its right text stands 0 times in room/file.cpp"));
  bank = sound_bank();
  bank.bugs[3].right = "r";  // twice in "return a + b;"
  CHECK(has(trouble_of(bank), "stands 2 times"));
  bank = sound_bank();
  bank.bugs[3].id = "bug-2";
  CHECK(has(trouble_of(bank), "bug-2 stands twice"));
  bank = sound_bank();
  bank.bugs[3].caught_by = "room_test: a case that was renamed";
  CHECK(has(trouble_of(bank), "bug-3 was caught by a test that is there no more"));
  bank = sound_bank();
  bank.bugs[3].survives = "because";
  CHECK(has(trouble_of(bank), "has a reason to survive and is caught"));
  CHECK_FALSE(bank.passed());
  bank = sound_bank();
  bank.bugs[3].caught_by.clear();
  CHECK(has(trouble_of(bank), "bug-3 survives without a reason"));
  bank.bugs[3].survives = "because";
  CHECK(troubles_of(bank).empty());
  CHECK(bank.passed());
  bank.bugs[3].recorded = false;
  CHECK(troubles_of(bank).empty());
  CHECK_FALSE(bank.passed());

  bank = sound_bank();
  bank.bugs.pop_back();
  CHECK(has(trouble_of(bank), "there are 39 bugs, at least 40 are wanted"));
  bank = sound_bank();
  for (std::size_t i = 0; i < 3; ++i) {  // 37 of 40 are 92.5 %
    bank.bugs[i].caught_by.clear();
    bank.bugs[i].survives = "because";
  }
  CHECK(has(trouble_of(bank), "37 of 40 judged are caught, less than 95 %"));
  CHECK_FALSE(bank.passed());
}

TEST_CASE("engine bugs: what is no bank is refused with its line") {
  const auto refusal = [](const std::string& text) {
    try {
      parse_engine_bugs(text, "x.toml");
    } catch (const InputError& error) {
      return std::string(error.what());
    }
    return std::string();
  };
  const std::string whole =
      "[[bug]]\nid = 'a'\ntitle = 't'\nfile = 'f'\nright = 'x'\nwrong = 'y'\n"
      "tests = ['theory_test: z']\n";
  CHECK(refusal(whole).empty());
  CHECK(has(refusal(whole + "caught = 'b'\n"), "x.toml:8: "));
  CHECK(has(refusal("[[bug]]\nid = 'a'\n"), "x.toml:1: needs title = ..."));
  CHECK(has(refusal("bug = 1\n"), "x.toml:1: bug is written as a table [[bug]]"));
  CHECK(has(refusal(""), "x.toml: holds no [[bug]]"));
  std::string same = whole;
  same.replace(same.find("'y'"), 3, "'x'");
  CHECK(has(refusal(same), "wrong is another in its place"));
  std::string nameless = whole;
  nameless.replace(nameless.find("theory_test: z"), 14, "theory");
  CHECK(has(refusal(nameless), "a test is written \"program_test: name"));
}

TEST_CASE("engine bugs: text and JSON say whose the outcomes are, and what survives") {
  EngineBugs bank = sound_bank();
  bank.bugs[0].caught_by.clear();
  bank.bugs[0].survives = "no number changes";
  const std::string text = engine_bugs_text(bank);
  CHECK(has(text, "39 of 40 caught (97.5 %)"));
  CHECK(has(text, "survivor bug-0: no number changes"));
  CHECK(has(text, "recorded by the last ./run engine-mutants"));
  CHECK(has(text, "Repeat one: ./run engine-mutants bug-0"));
  const nlohmann::ordered_json json = engine_bugs_json(bank);
  CHECK(json.at("caught") == 39);
  CHECK(json.at("total") == 40);
  CHECK(json.at("passed") == true);
  CHECK(json.at("bugs").at(0).at("caught_by").is_null());
  CHECK(json.at("bugs").at(0).at("survives") == "no number changes");
  CHECK(json.at("bugs").at(1).at("caught_by") == "room_test: sums are right");

  bank.bugs[1].recorded = false;
  bank.bugs[1].caught_by.clear();
  CHECK(has(engine_bugs_text(bank),
            "38 of 39 judged are caught (97.4 %); 1 of 40 are not judged yet"));
  CHECK(engine_bugs_json(bank).at("judged") == 39);
  CHECK(json.at("command") == "./run engine-mutants");
  CHECK(bank.filtered("bug-1$").bugs.size() == 1);
  CHECK_THROWS_AS(bank.filtered("nothing"), InputError);
}
