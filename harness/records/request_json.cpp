#include "harness/records/request_json.hpp"

#include <nlohmann/json.hpp>
#include <string>

#include "cases/parse_schedule.hpp"
#include "cases/schemes/scheme_name.hpp"
#include "harness/records/request_text.hpp"

namespace lemmabench {
namespace {

constexpr std::string_view kArithmetic = "arithmetic_asked";  // "arithmetic" is what was done

}  // namespace

nlohmann::ordered_json request_json(const LawRequest& request) {
  nlohmann::ordered_json out;
  out["target"] = request.target;
  out["sampler"] = request.sampler;
  out["schedule"] = names_scheme(request.sampler) ? nlohmann::ordered_json(nullptr)
                                                  : nlohmann::ordered_json(text(request.schedule));
  out["steps"] = request.steps;
  out["start"] = name(request.start);
  out["score"] = request.score;
  out["digits"] = request.digits;
  out[std::string(kArithmetic)] = request.arithmetic.text();
  return out;
}

void read_settings(const nlohmann::ordered_json& json, std::string_view arithmetic_key,
                   std::string_view origin, LawRequest& request) {
  if (!json.at("schedule").is_null()) {  // of a scheme, which has its own levels
    request.schedule = recorded_schedule(json.at("schedule").get<std::string>(), origin);
  }
  request.start = parse_start(json.at("start").get<std::string>(), origin);
  request.score = json.at("score").get<std::string>();
  request.digits = json.at("digits").get<long>();
  request.arithmetic =
      LawArithmetic::parse(json.at(std::string(arithmetic_key)).get<std::string>(), origin);
}

LawRequest request_from_json(const nlohmann::ordered_json& json, std::string_view origin) {
  LawRequest out;
  out.target = json.at("target").get<std::string>();
  out.sampler = json.at("sampler").get<std::string>();
  out.steps = json.at("steps").get<long>();
  read_settings(json, kArithmetic, origin, out);
  return out;
}

}  // namespace lemmabench
