#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "harness/cli/aligned.hpp"
#include "harness/mutants/engine_bugs.hpp"
#include "lemmabench_version.hpp"

namespace lemmabench {
namespace {

using Json = nlohmann::ordered_json;

constexpr const char* kCommand = "./run engine-mutants";
constexpr const char* kWhose =
    "recorded by the last ./run engine-mutants, which plants each bug in a copy of the sources, "
    "builds it and runs the tests that should notice; nothing is planted or run by this command";

Json text_or_null(const std::string& text) { return text.empty() ? Json(nullptr) : Json(text); }

std::string outcome(const EngineBug& bug) {
  if (bug.caught()) {
    return bug.caught_by;
  }
  return bug.recorded ? "SURVIVES" : "NOT JUDGED YET";
}

/// "120 of 121 caught (99.2 %)."; of those that were judged, and how many were not.
std::string conclusion(const EngineBugs& bank) {
  const std::size_t judged = bank.judged();
  if (judged == 0) {
    return fmt::format("none of {} judged yet: {}.", bank.bugs.size(), kCommand);
  }
  const double share = 100 * static_cast<double>(bank.caught()) / static_cast<double>(judged);
  if (judged == bank.bugs.size()) {
    return fmt::format("{} of {} caught ({:.1f} %).", bank.caught(), judged, share);
  }
  return fmt::format(
      "{} of {} judged are caught ({:.1f} %); {} of {} are not judged yet: {} --missing.",
      bank.caught(), judged, share, bank.bugs.size() - judged, bank.bugs.size(), kCommand);
}

}  // namespace

nlohmann::ordered_json engine_bugs_json(const EngineBugs& bank) {
  Json bugs = Json::array();
  for (const EngineBug& bug : bank.bugs) {
    bugs.push_back({{"id", bug.id},
                    {"title", bug.title},
                    {"file", bug.file},
                    {"right", bug.right},
                    {"wrong", bug.wrong},
                    {"tests", bug.tests},
                    {"caught_by", text_or_null(bug.caught_by)},
                    {"survives", text_or_null(bug.survives)}});
  }
  return {{"study", "engine-mutants"}, {"outcomes", kWhose},      {"command", kCommand},
          {"bugs", std::move(bugs)},   {"caught", bank.caught()}, {"judged", bank.judged()},
          {"total", bank.bugs.size()}, {"passed", bank.passed()}, {"version", version::number}};
}

std::string engine_bugs_text(const EngineBugs& bank) {
  std::vector<Row> rows{{"id", "file", "the mistake", "caught by"}};
  std::string below;
  for (const EngineBug& bug : bank.bugs) {
    rows.push_back({bug.id, bug.file, bug.title, outcome(bug)});
    if (!bug.caught() && bug.recorded) {
      below += bug.survives.empty() ? fmt::format("UNEXPLAINED SURVIVOR {}\n", bug.id)
                                    : fmt::format("survivor {}: {}\n", bug.id, bug.survives);
    }
  }
  return fmt::format("{}\n{}{}\nOutcomes: {}.\nRepeat one: {} {}\n", aligned(rows), below,
                     conclusion(bank), kWhose, kCommand, bank.bugs.front().id);
}

}  // namespace lemmabench
