#include "reports/json/rates_json.hpp"

#include <nlohmann/json.hpp>

#include "harness/records/request_json.hpp"

namespace lemmabench {
namespace {

using Json = nlohmann::ordered_json;

Json point_json(const ScalingPoint& point) {
  if (!point.refusal.empty()) {
    return {{"steps", point.steps},
            {"value", nullptr},
            {"error", nullptr},
            {"evidence", name(point.evidence)}};
  }
  return {{"steps", point.steps},
          {"value", point.value},
          {"error", point.error},
          {"evidence", name(point.evidence)}};
}

Json order_json(const ExponentFit& fit) {
  if (fit.refused()) {
    return nullptr;
  }
  return {{"value", fit.order}, {"low", fit.low},
          {"high", fit.high},   {"standard_error", fit.standard_error},
          {"limit", fit.limit}, {"evidence", name(fit.evidence)}};
}

Json fit_details(const ScalingSeries& series) {
  const ExponentFit& fit = series.fit;
  Json json;
  json["window"] = Json::array();
  for (const ScalingPoint& point : fit.window) {
    json["window"].push_back(point.steps);
  }
  json["rms_residual"] = fit.rms_residual;
  json["constant"] = {
      {"value", fit.constant}, {"low", fit.constant_low}, {"high", fit.constant_high}};
  json["local_orders"] = Json::array();
  for (const LocalOrder& local : fit.local_orders) {
    json["local_orders"].push_back(
        {{"from", local.from}, {"to", local.to}, {"order", local.order}, {"error", local.error}});
  }
  return json;
}

Json series_json(const ScalingSeries& series) {
  const LawRequest& request = series.request;
  const ExponentFit& fit = series.fit;
  Json json;
  const Json asked = request_json(request);
  for (const char* key : {"target", "sampler", "schedule", "start", "score", "digits"}) {
    json[key] = asked.at(key);
  }
  json["arithmetic"] = asked.at("arithmetic_asked");
  json["model"] = name(fit.model);
  json["known_logs"] = fit.known_logs;
  json["order"] = order_json(fit);
  json["asymptotic"] = fit.asymptotic;
  json["range"] = fit.refused() ? fit.refusal : fit.range_reason;
  json["expected"] = series.expected ? Json(series.expected->order) : Json(nullptr);
  json["verdict"] = verdict_name(series);
  json["reason"] = series.judgement.reason;
  json["constant_at_expected"] =
      series.constant ? Json{{"value", series.constant->value}, {"error", series.constant->error}}
                      : Json(nullptr);
  json["fit"] = fit.refused() ? Json(nullptr) : fit_details(series);
  json["points"] = Json::array();
  for (const ScalingPoint& point : series.points) {
    json["points"].push_back(point_json(point));
  }
  json["refused_points"] = Json::array();
  for (const RefusedPoint& refused : fit.refused_points) {
    json["refused_points"].push_back({{"steps", refused.steps}, {"reason", refused.reason}});
  }
  json["failed_cells"] = series.failed_cells;
  return json;
}

}  // namespace

std::string fit_json(const std::vector<ScalingSeries>& series, FittedMetric metric) {
  Json json;
  json["metric"] = name(metric);
  json["confidence"] = FitOptions{}.confidence;
  json["signal_to_floor"] = FitOptions{}.signal_to_floor;
  json["all_hold"] = all_hold(series);
  json["series"] = Json::array();
  for (const ScalingSeries& one : series) {
    json["series"].push_back(series_json(one));
  }
  return json.dump(2) + "\n";
}

}  // namespace lemmabench
