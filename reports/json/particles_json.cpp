#include "reports/json/particles_json.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "cases/schemes/scheme_name.hpp"
#include "harness/records/quantity_json.hpp"
#include "harness/records/request_text.hpp"
#include "lemmabench_version.hpp"

namespace lemmabench {
namespace {

using Json = nlohmann::ordered_json;

constexpr long kParticlesDigits = 15;

std::string joined(const std::vector<long>& steps) {
  return fmt::format("{}", fmt::join(steps, ","));
}

/// To twelve digits: the last ones are rounding.
double rounded(double x) { return std::stod(fmt::format("{:.12g}", x)); }

Json result_json(const ParticleResult& result) {
  Json json;
  json["steps"] = result.steps;
  if (result.variation) {
    json["tv"] = quantity_json(result.variation->tv, kParticlesDigits);
    json["resolution"] = rounded(result.variation->resolution);
    json["is_tv_itself"] = result.variation->complete;
  }
  json["likelihood_gap"] = quantity_json(result.likelihood_gap, kParticlesDigits);
  json["tv_at_least"] = rounded(result.tv_above);
  json["event"] = {{"sample_hits", result.event.sample_hits},
                   {"samples", result.event.samples},
                   {"law_hits", result.event.law_hits},
                   {"draws", result.event.draws}};
  if (result.moments) {
    json["mean_gap"] = quantity_json(result.moments->mean, kParticlesDigits);
    json["square_gap"] = quantity_json(result.moments->square, kParticlesDigits);
  }
  for (const PointDensity& one : result.densities) {
    Json entry;
    entry["at"] = one.point;
    entry["p"] = rounded(one.p);
    if (one.refusal.empty()) {
      entry["q"] = quantity_json(one.q, kParticlesDigits);
    } else {
      entry["refusal"] = one.refusal;
    }
    json["densities"].push_back(std::move(entry));
  }
  return json;
}

Json order_json(const ParticleOrder& order) {
  Json json;
  json["from"] = order.from;
  json["to"] = order.to;
  if (order.refusal.empty()) {
    put_quantity(json, order.order, kParticlesDigits);
  } else {
    json["refusal"] = order.refusal;
  }
  return json;
}

}  // namespace

std::string command_text(const ParticleRequest& request) {
  std::string out = fmt::format("lemmabench particles --target {} --sampler {}",
                                shell_word(request.target), shell_word(request.sampler));
  if (!names_scheme(request.sampler)) {
    out += fmt::format(" --steps {} --schedule {}", joined(request.steps),
                       shell_word(text(request.schedule)));
  }
  out += fmt::format(" --score {} --start {} --samples {} --confidence {} --seed {}",
                     shell_word(request.score), name(request.start), request.samples, request.level,
                     request.seed);
  if (request.resolution > 0) {
    out += fmt::format(" --resolution {}", request.resolution);
  }
  std::vector<std::string> points;
  for (const std::vector<double>& point : request.at) {
    points.push_back(fmt::format("{}", fmt::join(point, "/")));
  }
  if (!points.empty()) {
    out += " --at " + shell_word(fmt::format("{}", fmt::join(points, ";")));
  }
  return out;
}

std::string particles_json(const ParticleReport& report) {
  const ParticleRequest& request = report.request;
  Json json;
  json["target"] = request.target;
  json["sampler"] = request.sampler;
  json["schedule"] = report.model_calls ? Json(nullptr) : Json(text(request.schedule));
  if (report.model_calls) {
    json["model_calls"] = *report.model_calls;
    json["ends_at"] = report.ends_at;
  }
  json["start"] = name(request.start);
  json["score"] = request.score;
  json["dim"] = report.dim;
  json["samples"] = request.samples;
  json["confidence"] = request.level;
  json["seed"] = request.seed;
  json["results"] = Json::array();
  for (const ParticleResult& result : report.results) {
    json["results"].push_back(result_json(result));
  }
  json["orders"] = Json::array();
  for (const ParticleOrder& order : report.orders) {
    json["orders"].push_back(order_json(order));
  }
  json["notes"] = report.notes;
  json["version"] = version::number;
  json["command"] = command_text(request) + " --format json";
  return json.dump(2) + "\n";
}

}  // namespace lemmabench
