#include "reports/json/heavy_tails_json.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "harness/records/quantity_json.hpp"
#include "lemmabench_version.hpp"

namespace lemmabench {
namespace {

using Json = nlohmann::ordered_json;

constexpr long kHeavyTailsDigits = 17;

Json optional_quantity(const std::optional<Quantity>& quantity) {
  return quantity ? quantity_json(*quantity, kHeavyTailsDigits) : Json(nullptr);
}

Json judgement_json(const Judgement& judgement) {
  return {{"verdict", name(judgement.verdict)},
          {"reason", judgement.reason},
          {"evidence", name(judgement.evidence)}};
}

Json start_json(const HeavyTailStart& start) {
  return {{"steps", start.steps},
          {"tv", quantity_json(start.tv, kHeavyTailsDigits)},
          {"kl", optional_quantity(start.kl)},
          {"kl_bound", optional_quantity(start.kl_bound)},
          {"tv_bound", optional_quantity(start.tv_bound)},
          {"verdict", judgement_json(start.judgement)}};
}

Json mass_json(const HeavyTailMass& mass) {
  return {{"steps", mass.steps},
          {"t", mass.t},
          {"outside", optional_quantity(mass.outside)},
          {"bound", optional_quantity(mass.bound)},
          {"verdict", judgement_json(mass.judgement)}};
}

Json law_json(const HeavyTailLaw& law) {
  const auto of = [&](const Quantity& quantity) {
    return law.failure.empty() ? quantity_json(quantity, kHeavyTailsDigits) : Json(nullptr);
  };
  return {{"steps", law.steps},
          {"total", of(law.total)},
          {"initialisation", of(law.initialisation)},
          {"discretisation", of(law.discretisation)},
          {"failure", law.failure},
          {"command", law.command}};
}

Json order_json(const ExponentFit& fit, double derived) {
  Json json{{"refusal", fit.refusal}, {"derived", derived}};
  if (fit.refused()) {
    return json;
  }
  put_quantity(json, Quantity::computed(fit.order, fit.half_width()), kHeavyTailsDigits);
  json["low"] = fit.low;
  json["high"] = fit.high;
  json["asymptotic"] = fit.asymptotic;
  json["range_reason"] = fit.range_reason;
  json["local"] = Json::array();
  for (const LocalOrder& local : fit.local_orders) {
    Json entry{{"from", local.from}, {"to", local.to}};
    put_quantity(entry, Quantity::computed(local.order, local.error), kHeavyTailsDigits);
    json["local"].push_back(std::move(entry));
  }
  return json;
}

template <class Item, class Make>
Json list(const std::vector<Item>& items, Make make) {
  Json json = Json::array();
  for (const Item& item : items) {
    json.push_back(make(item));
  }
  return json;
}

Json row_json(const HeavyTailRow& row) {
  return {{"nu", row.nu.text()},
          {"dim", row.dim},
          {"applicable", row.applicable},
          {"reason", row.reason},
          {"second_moment", optional_quantity(row.second_moment)},
          {"starts", list(row.starts, start_json)},
          {"start_order", order_json(row.start_order, row.derived_order)},
          {"typical", list(row.masses, mass_json)},
          {"laws", list(row.laws, law_json)}};
}

}  // namespace

nlohmann::ordered_json heavy_tails_json(const HeavyTailResult& result) {
  const HeavyTailRequest& request = result.request;
  return {{"sampler", request.sampler},
          {"schedule", text(ScheduleKind(request.schedule))},
          {"theta", request.theta.text()},
          {"dims", request.dims},
          {"steps", request.steps},
          {"law_steps", request.law_steps},
          {"rows", list(result.rows, row_json)},
          {"version", version::number},
          {"command", "lemmabench heavy-tails"}};
}

}  // namespace lemmabench
