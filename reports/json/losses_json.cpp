#include "reports/json/losses_json.hpp"

#include <nlohmann/json.hpp>

#include "harness/records/quantity_json.hpp"
#include "lemmabench_version.hpp"

namespace lemmabench {
namespace {

constexpr long kLossDigits = 12;

nlohmann::ordered_json power_json(const PowerOfDimension& power) {
  nlohmann::ordered_json json{{"family", power.family}};
  if (power.known()) {
    json["power"] = power.power;
    json["low"] = power.low;
    json["high"] = power.high;
    json["values_are"] = name(power.evidence);
  } else {
    json["not_evaluated"] = power.not_evaluated;
  }
  json["values"] = nlohmann::ordered_json::array();
  for (std::size_t i = 0; i < power.dims.size(); ++i) {
    nlohmann::ordered_json value{{"d", power.dims[i]}};
    put_quantity(value, power.values[i], kLossDigits);
    json["values"].push_back(std::move(value));
  }
  return json;
}

nlohmann::ordered_json powers_json(const std::vector<PowerOfDimension>& powers) {
  nlohmann::ordered_json json = nlohmann::ordered_json::array();
  for (const PowerOfDimension& power : powers) {
    json.push_back(power_json(power));
  }
  return json;
}

}  // namespace

nlohmann::ordered_json losses_json(const LossTable& table) {
  nlohmann::ordered_json json{{"sampler", table.request.sampler},
                              {"steps", table.request.steps},
                              {"dims", table.request.dims},
                              {"relative_error", table.request.relative_error},
                              {"claimed", table.claimed.text()}};
  json["families"] = nlohmann::ordered_json::array();
  for (const LossFamily& family : table.families) {
    json["families"].push_back(
        {{"id", family.id}, {"title", family.title}, {"target", family.target}});
  }
  json["argument"] = nlohmann::ordered_json::array();
  for (const LossStep& step : table.steps) {
    json["argument"].push_back({{"id", step.id},
                                {"claim", step.claim},
                                {"quantity", step.quantity},
                                {"claimed", step.claimed.text()},
                                {"worst", powers_json(step.worst)},
                                {"expectation", powers_json(step.mean)},
                                {"left", step.running}});
  }
  json["version"] = version::number;
  return json;
}

}  // namespace lemmabench
