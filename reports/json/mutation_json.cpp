#include "reports/json/mutation_json.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <utility>

#include "cases/parse_schedule.hpp"
#include "harness/records/quantity_json.hpp"
#include "lemmabench_version.hpp"
#include "numerics/error.hpp"

namespace lemmabench {
namespace {

using Json = nlohmann::ordered_json;

constexpr long kMutationDigits = 17;

Json quantity(const std::optional<Quantity>& value) {
  return value ? quantity_json(*value, kMutationDigits) : Json(nullptr);
}

std::optional<Quantity> read_quantity(const Json& json, const std::string& origin) {
  return json.is_null() ? std::nullopt : std::optional(quantity_from_json(json, origin));
}

Json catch_json(const std::optional<MutantCatch>& caught) {
  if (!caught) {
    return nullptr;
  }
  return {{"cell", caught->cell},
          {"quantity", caught->quantity},
          {"kind", name(caught->kind)},
          {"reason", caught->reason},
          {"before", quantity(caught->before)},
          {"after", quantity(caught->after)}};
}

ChangeKind read_kind(const std::string& text, const std::string& origin) {
  for (const ChangeKind kind :
       {ChangeKind::unchanged, ChangeKind::improved, ChangeKind::differs, ChangeKind::regression,
        ChangeKind::inconclusive, ChangeKind::missing, ChangeKind::failed}) {
    if (name(kind) == text) {
      return kind;
    }
  }
  throw InputError(fmt::format("{}: '{}' is no kind of change", origin, text));
}

std::optional<MutantCatch> read_catch(const Json& json, const std::string& origin) {
  if (json.is_null()) {
    return std::nullopt;
  }
  return MutantCatch{json.at("cell"),
                     json.at("quantity"),
                     read_kind(json.at("kind"), origin),
                     json.at("reason"),
                     read_quantity(json.at("before"), origin),
                     read_quantity(json.at("after"), origin)};
}

Json outcome_json(const MutantOutcome& outcome, bool times) {
  const MutantRecord& record = outcome.record;
  Json out{{"mutant", record.mutant},
           {"base", record.base},
           {"bug", record.bug},
           {"title", record.title},
           {"caught", catch_json(outcome.caught)},
           {"cells", outcome.cells},
           {"score_calls", outcome.score_calls}};
  if (times) {
    out["seconds"] = outcome.seconds;
  }
  if (record.witness) {
    const LawRequest& witness = record.witness->request;
    out["survives"] = record.survives;
    out["witness"] = {{"target", witness.target},
                      {"steps", witness.steps},
                      {"schedule", text(witness.schedule)},
                      {"digits", witness.digits}};
    out["seen"] = catch_json(outcome.seen);
  }
  out["as_recorded"] = outcome.as_recorded();
  return out;
}

MutantOutcome read_outcome(const Json& json, const std::string& origin) {
  MutantOutcome out;
  MutantRecord& record = out.record;
  record.mutant = json.at("mutant");
  record.base = json.at("base");
  record.bug = json.at("bug");
  record.title = json.at("title");
  out.caught = read_catch(json.at("caught"), origin);
  out.cells = json.at("cells");
  out.score_calls = json.at("score_calls");
  out.seconds = json.value("seconds", 0.0);
  if (json.contains("witness")) {
    record.survives = json.at("survives");
    record.witness.emplace();
    LawRequest& witness = record.witness->request;
    const Json& request = json.at("witness");
    witness.target = request.at("target");
    witness.steps = request.at("steps");
    witness.schedule = recorded_schedule(request.at("schedule").get<std::string>(), origin);
    witness.digits = request.at("digits");
    out.seen = read_catch(json.at("seen"), origin);
  }
  return out;
}

DetectionThreshold read_threshold(const Json& json, const std::string& origin) {
  DetectionThreshold out;
  out.sampler = json.at("sampler");
  out.engine = json.at("engine");
  out.cell = json.at("cell");
  out.digits = json.at("digits");
  for (const Coefficient of : scalable_coefficients()) {
    if (name(of) == json.at("coefficient")) {
      out.of = of;
      return out;
    }
  }
  throw InputError(fmt::format("{}: {} is no coefficient", origin, json.at("coefficient").dump()));
}

}  // namespace

Json mutants_json(const MutantRun& run, bool times) {
  Json out{
      {"study", "mutants"}, {"bank", run.bank}, {"exact", run.exact}, {"mutants", Json::array()}};
  for (const MutantOutcome& outcome : run.outcomes) {
    out["mutants"].push_back(outcome_json(outcome, times));
  }
  out["equals"] = Json::array();
  for (const EqualOutcome& outcome : run.equals) {
    out["equals"].push_back({{"base", outcome.record.base},
                             {"sampler", outcome.record.equal},
                             {"title", outcome.record.title},
                             {"cells", outcome.cells},
                             {"flagged", catch_json(outcome.flagged)}});
  }
  out["thresholds"] = Json::array();
  for (const DetectionThreshold& threshold : run.thresholds) {
    out["thresholds"].push_back({{"sampler", threshold.sampler},
                                 {"coefficient", name(threshold.of)},
                                 {"engine", threshold.engine},
                                 {"cell", threshold.cell},
                                 {"digits", threshold.digits}});
  }
  out["caught"] = run.caught();
  out["total"] = run.outcomes.size();
  out["passed"] = run.passed();
  if (times) {
    out["seconds"] = run.seconds;
  }
  out["version"] = version::number;
  return out;
}

MutantRun mutants_from_json(const std::string& text, const std::string& origin) {
  try {
    const Json json = Json::parse(text);
    if (json.value("study", "") != "mutants") {
      throw InputError(origin + ": is not what `lemmabench mutants --format json` writes");
    }
    MutantRun out;
    out.bank = json.at("bank");
    out.exact = json.at("exact");
    for (const Json& one : json.at("mutants")) {
      out.outcomes.push_back(read_outcome(one, origin));
    }
    for (const Json& one : json.at("equals")) {
      out.equals.push_back({{one.at("base"), one.at("sampler"), one.at("title")},
                            one.at("cells"),
                            read_catch(one.at("flagged"), origin)});
    }
    for (const Json& one : json.at("thresholds")) {
      out.thresholds.push_back(read_threshold(one, origin));
    }
    out.seconds = json.value("seconds", 0.0);
    return out;
  } catch (const nlohmann::json::exception& error) {
    throw InputError(fmt::format("{}: is not what `lemmabench mutants --format json` writes: {}",
                                 origin, error.what()));
  }
}

}  // namespace lemmabench
