#include "reports/json/engine_bugs_json.hpp"

#include <nlohmann/json.hpp>
#include <string>
#include <utility>

#include "lemmabench_version.hpp"

namespace lemmabench {
namespace {

using Json = nlohmann::ordered_json;

Json text_or_null(const std::string& text) { return text.empty() ? Json(nullptr) : Json(text); }

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
  return {
      {"study", "engine-mutants"}, {"outcomes", kWhoseOutcomes}, {"command", kEngineBugsCommand},
      {"bugs", std::move(bugs)},   {"caught", bank.caught()},    {"judged", bank.judged()},
      {"total", bank.bugs.size()}, {"passed", bank.passed()},    {"version", version::number}};
}

}  // namespace lemmabench
