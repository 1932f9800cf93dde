#include "reports/json/selftest_json.hpp"

#include <nlohmann/json.hpp>

#include "harness/studies/selftest/selftest.hpp"
#include "lemmabench_version.hpp"

namespace lemmabench {
namespace {

using Json = nlohmann::ordered_json;

}  // namespace

Json selftest_json(const SelftestResult& result) {
  Json json;
  json["seed"] = result.seed;
  json["questions"] = result.questions;
  json["passed"] = result.passed();
  json["kinds"] = Json::object();
  for (const auto& [kind, tally] : result.kinds) {
    json["kinds"][kind] = {{"asked", tally.asked},     {"agreed", tally.agreed},
                           {"refused", tally.refused}, {"disagreed", tally.disagreed},
                           {"numbers", tally.numbers}, {"worst_margin", tally.worst_margin}};
  }
  json["refusals"] = Json::object();
  for (const auto& [reason, times] : result.refusals) {
    json["refusals"][reason] = times;
  }
  json["findings"] = Json::array();
  for (const Finding& finding : result.findings) {
    json["findings"].push_back({{"kind", finding.kind},
                                {"question", finding.question},
                                {"what", finding.what},
                                {"commands", finding.commands},
                                {"numbers", finding.numbers},
                                {"margin", finding.margin}});
  }
  json["version"] = version::number;
  return json;
}

}  // namespace lemmabench
