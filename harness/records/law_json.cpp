#include "harness/records/law_json.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "harness/records/quantity_json.hpp"
#include "harness/records/request_json.hpp"
#include "harness/records/request_text.hpp"
#include "lemmabench_version.hpp"
#include "numerics/error.hpp"
#include "numerics/rational.hpp"

namespace lemmabench {
namespace {

using Json = nlohmann::ordered_json;  // keys stay in the order of the contract

constexpr long kDefaultDigits = 40;

// ---- writing ------------------------------------------------------------------------------------

Json to_json(const LawResult& result) {
  const LawRequest& request = result.request;
  const long digits = request.digits > 0 ? request.digits : kDefaultDigits;
  Json json;
  const Json asked = request_json(request);
  for (const char* key : {"target", "sampler", "schedule", "steps"}) {
    json[key] = asked.at(key);
  }
  json["score_calls"] = result.score_calls;
  json["tv"] = quantity_json(result.tv, digits);
  json["kl_pq"] = quantity_json(result.kl_pq, digits);
  json["kl_qp"] = quantity_json(result.kl_qp, digits);
  json["hellinger"] = quantity_json(result.hellinger, digits);
  json["terms"] = Json::object();
  for_each_part(result.parts, [&](std::string_view part, const Quantity& value) {
    json["terms"][part] = quantity_json(value, digits);
  });
  for (const VarianceError& error : result.relative_variance_error) {
    Json entry;
    entry["multiplicity"] = error.multiplicity;
    put_quantity(entry, error.value, digits);
    json["relative_variance_error"].push_back(std::move(entry));
  }
  for (const char* key : {"start", "score", "digits", "arithmetic_asked"}) {
    json[key] = asked.at(key);
  }
  json["dim"] = result.dim;
  json["engine"] = result.engine;
  json["arithmetic"] = result.arithmetic;
  for (const LocalError& local : result.local_errors) {
    Json entry;
    entry["name"] = fmt::format("{}", local.t);
    put_quantity(entry, local.value, digits);
    json["local_errors"].push_back(std::move(entry));
  }
  json["notes"] = result.notes;
  json["version"] = version::number;
  json["command"] = command_text(request) + " --format json";
  return json;
}

// ---- reading ------------------------------------------------------------------------------------

LawParts parts_of(const Json& json, std::string_view origin) {
  LawParts parts;
  std::size_t read = 0;
  for (const NamedPart<Quantity>& part : kErrorParts<Quantity>) {
    const std::string key(part.name);
    if (json.contains(key)) {
      parts.*part.member = quantity_from_json(json.at(key), origin);
      ++read;
    }
  }
  if (read != json.size()) {
    throw InputError(fmt::format(
        "{}: a part of the error has a name that this lemmabench does not know; use the version "
        "that wrote it",
        origin));
  }
  return parts;
}

LawResult result_of(const Json& json, std::string_view origin) {
  LawResult result;
  result.request = request_from_json(json, origin);
  result.engine = json.at("engine").get<std::string>();
  result.arithmetic = json.at("arithmetic").get<std::string>();
  result.score_calls = json.at("score_calls").get<long>();
  result.dim = json.at("dim").get<long>();
  result.tv = quantity_from_json(json.at("tv"), origin);
  result.kl_pq = quantity_from_json(json.at("kl_pq"), origin);
  result.kl_qp = quantity_from_json(json.at("kl_qp"), origin);
  result.hellinger = quantity_from_json(json.at("hellinger"), origin);
  result.parts = parts_of(json.at("terms"), origin);
  for (const Json& entry : json.value("relative_variance_error", Json::array())) {
    result.relative_variance_error.push_back(
        {entry.at("multiplicity").get<long>(), quantity_from_json(entry, origin)});
  }
  for (const Json& entry : json.value("local_errors", Json::array())) {
    const auto t = Rational::parse(entry.at("name").get<std::string>(), origin);
    result.local_errors.push_back(
        {static_cast<long>(t.to_double()), quantity_from_json(entry, origin)});
  }
  result.notes = json.at("notes").get<std::vector<std::string>>();
  return result;
}

}  // namespace

std::string law_json(const LawResult& result) { return to_json(result).dump(2) + "\n"; }

std::string law_json_line(const LawResult& result) { return to_json(result).dump(); }

LawResult law_from_json(std::string_view json, std::string_view origin) {
  try {
    return result_of(Json::parse(json), origin);
  } catch (const nlohmann::json::exception& error) {
    throw InputError(fmt::format("{}: not the JSON of a law: {}", origin, error.what()));
  }
}

}  // namespace lemmabench
