#include "reports/json/worst_case_json.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <nlohmann/json.hpp>

#include "harness/records/quantity_json.hpp"
#include "harness/records/request_text.hpp"
#include "harness/studies/worst_case/summary.hpp"
#include "lemmabench_version.hpp"

namespace lemmabench {
namespace {

using Json = nlohmann::ordered_json;

constexpr long kWorstCaseDigits = 17;

Json quantity_or_null(const std::optional<Quantity>& quantity) {
  return quantity ? quantity_json(*quantity, kWorstCaseDigits) : Json(nullptr);
}

Json exponent_json(const WorstExponent& exponent) {
  Json json{{"from", exponent.from}, {"to", exponent.to}};
  put_quantity(json, exponent.exponent, kWorstCaseDigits);
  return json;
}

Json optional_exponent(const std::optional<WorstExponent>& exponent) {
  return exponent ? exponent_json(*exponent) : Json(nullptr);
}

Json exponents_json(const std::vector<WorstExponent>& exponents) {
  Json json = Json::array();
  for (const WorstExponent& exponent : exponents) {
    json.push_back(exponent_json(exponent));
  }
  return json;
}

Json fit_json(const std::optional<ExponentFit>& fit) {
  if (!fit) {
    return nullptr;
  }
  Json json;
  json["model"] = name(fit->model);
  json["refusal"] = fit->refusal;
  if (!fit->refused()) {
    put_quantity(json, Quantity::computed(fit->order, fit->half_width()), kWorstCaseDigits);
    json["low"] = fit->low;
    json["high"] = fit->high;
    json["asymptotic"] = fit->asymptotic;
    json["range_reason"] = fit->range_reason;
  }
  return json;
}

LawRequest law_request(const WorstCaseRequest& request, const std::string& target) {
  LawRequest out;
  out.target = target;
  out.sampler = request.sampler;
  out.schedule = request.schedule;
  out.steps = request.steps;
  out.start = Start::exact;
  return out;
}

Json instance_json(const WorstCaseRequest& request, const TargetFamily& family,
                   const WorstInstance& instance) {
  Json json;
  json["target"] = instance.target;
  json["parameters"] = Json::object();
  for (std::size_t i = 0; i < instance.values.size(); ++i) {
    json["parameters"][family.parameters[i].name] = instance.values[i].text();
  }
  json["dim"] = instance.dim;
  json["second_moment"] = instance.second_moment;
  json["moment_exponent"] = instance.moment_exponent;
  json["rungs"] = Json::array();
  for (const WorstRung& rung : instance.rungs) {
    json["rungs"].push_back({{"steps", rung.steps},
                             {"tv", quantity_json(rung.tv, kWorstCaseDigits)},
                             {"constant", quantity_json(rung.constant, kWorstCaseDigits)}});
  }
  json["step_exponents"] = exponents_json(instance.step_exponents);
  json["fit"] = fit_json(instance.fit);
  json["tv_doubled"] = quantity_or_null(instance.tv_doubled);
  json["dim_exponent"] = optional_exponent(instance.dim_exponent);
  json["total"] = quantity_or_null(instance.total);
  json["initialisation"] = quantity_or_null(instance.initialisation);
  json["command"] = command_text(law_request(request, instance.target));
  return json;
}

Json search_json(const WorstCaseRequest& request, const TargetFamily& family,
                 const WorstSearch& search) {
  Json json;
  json["dim"] = search.dim;
  json["other_dim"] = search.other_dim > 0 ? Json(search.other_dim) : Json(nullptr);
  json["evaluations"] = search.evaluations;
  json["rejected"] = search.rejected;
  json["refusals"] = Json::array();
  for (const auto& [message, count] : search.refusals) {
    json["refusals"].push_back({{"message", message}, {"count", count}});
  }
  json["exponent"] = optional_exponent(search.exponent);
  json["worst"] = search.worst ? instance_json(request, family, *search.worst) : Json(nullptr);
  return json;
}

Json family_json(const WorstCaseRequest& request, const WorstFamily& result) {
  const TargetFamily& family = worst_case_family(result.id);
  Json json;
  json["id"] = family.id;
  json["title"] = family.title;
  json["parameters"] = Json::array();
  for (const FamilyParameter& parameter : family.parameters) {
    json["parameters"].push_back({{"name", parameter.name},
                                  {"low", parameter.low},
                                  {"high", parameter.high},
                                  {"scale", parameter.logarithmic ? "log" : "linear"}});
  }
  json["constants"] = Json::array();
  for (const WorstSearch& search : result.constants) {
    json["constants"].push_back(search_json(request, family, search));
  }
  json["envelope"] = exponents_json(result.envelope);
  json["dim_exponent"] =
      result.dim_exponent ? search_json(request, family, *result.dim_exponent) : Json(nullptr);
  return json;
}

Json named_exponent(const std::optional<NamedExponent>& found) {
  if (!found) {
    return nullptr;
  }
  Json json{{"family", found->family}, {"target", found->target}};
  json.update(exponent_json(found->exponent));
  return json;
}

Json summary_json(const WorstCaseResult& result) {
  const WorstCaseSummary summary = summarise(result);
  Json json;
  json["constants"] = Json::array();
  for (const NamedConstant& found : summary.constants) {
    json["constants"].push_back({{"dim", found.dim},
                                 {"family", found.family},
                                 {"target", found.target},
                                 {"tv", quantity_json(found.tv, kWorstCaseDigits)},
                                 {"constant", quantity_json(found.constant, kWorstCaseDigits)}});
  }
  json["envelope"] = named_exponent(summary.envelope);
  json["local_dim_exponent"] = named_exponent(summary.local);
  json["searched_dim_exponent"] = named_exponent(summary.searched);
  return json;
}

}  // namespace

std::string command_text(const WorstCaseRequest& request) {
  return fmt::format(
      "lemmabench worst-case --family {} --sampler {} --schedule {} --steps {} --dims {} "
      "--budget {}",
      shell_word(fmt::format("{}", fmt::join(request.families, ","))), shell_word(request.sampler),
      shell_word(text(request.schedule)), request.steps, fmt::join(request.dims, ","),
      request.budget);
}

nlohmann::ordered_json worst_case_json(const WorstCaseResult& result) {
  const WorstCaseRequest& request = result.request;
  Json json;
  json["sampler"] = request.sampler;
  json["schedule"] = text(request.schedule);
  json["steps"] = request.steps;
  json["dims"] = request.dims;
  json["budget"] = request.budget;
  json["start"] = "exact";
  json["objective"] = kWorstObjective;
  json["second_moment_bound"] = kWorstMomentBound;
  json["log_power"] = kWorstLogPower;
  json["theory"] = {
      {"dim_exponent", "5/2"},
      {"step_exponent", "2"},
      {"source", "the rate is quoted, the power 5 of log T is derived here (claim D5)"}};
  json["families"] = Json::array();
  for (const WorstFamily& family : result.families) {
    json["families"].push_back(family_json(request, family));
  }
  json["worst"] = summary_json(result);
  json["version"] = version::number;
  json["command"] = command_text(request);
  return json;
}

}  // namespace lemmabench
