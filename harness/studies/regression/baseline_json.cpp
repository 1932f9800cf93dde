#include "harness/studies/regression/baseline_json.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <set>
#include <vector>

#include "harness/records/canonical_names.hpp"
#include "harness/records/quantity_json.hpp"
#include "harness/records/request_json.hpp"
#include "numerics/error.hpp"
#include "numerics/order_fit.hpp"
#include "numerics/quoted.hpp"

namespace lemmabench {
namespace {

using Json = nlohmann::ordered_json;

constexpr const char* kFormat = "lemmabench baseline";
constexpr int kFormatVersion = 1;
/// Of a proved number: a coefficient that is wrong by 1e-18 still shows.
constexpr long kBaselineDigits = 20;
constexpr long kMostDigits = 1000;

constexpr std::array kCellKinds{CellKind::law, CellKind::order, CellKind::claim,
                                CellKind::certificate};
constexpr std::array kSenses{Sense::lower_is_better, Sense::higher_is_better, Sense::detail};
constexpr std::array kVerdicts{Verdict::holds, Verdict::violated};

std::string_view name(Sense sense) {
  switch (sense) {
    case Sense::lower_is_better:
      return "lower";
    case Sense::higher_is_better:
      return "higher";
    case Sense::detail:
      break;
  }
  return "detail";
}

// ---- writing ------------------------------------------------------------------------------------

void put_request(Json& json, const GateCell& cell) {
  const LawRequest& request = cell.request;
  const Json asked = request_json(request);
  json["target"] = asked.at("target");
  json["schedule"] = asked.at("schedule");
  json["steps"] = cell.kind == CellKind::order ? Json(cell.steps) : asked.at("steps");
  for (const char* key : {"start", "score", "digits"}) json[key] = asked.at(key);
  json["arithmetic"] = asked.at("arithmetic_asked");
}

Json cell_json(const BaselineCell& one) {
  const GateCell& cell = one.cell;
  Json json;
  json["kind"] = name(cell.kind);
  if (cell.kind == CellKind::claim) {
    json["claim"] = cell.claim;
    json["case"] = cell.subject;
  } else {
    put_request(json, cell);
  }
  if (cell.kind == CellKind::law) json["local_errors"] = cell.local_errors;
  if (cell.kind == CellKind::certificate) json["margin"] = cell.margin;
  if (one.answer.verdict) json["verdict"] = name(*one.answer.verdict);
  json["numbers"] = Json::array();
  for (const Measurement& number : one.answer.numbers) {
    Json entry{{"name", number.name}, {"sense", name(number.sense)}};
    put_quantity(entry, number.value, kBaselineDigits);
    json["numbers"].push_back(std::move(entry));
  }
  return json;
}

// ---- reading ------------------------------------------------------------------------------------

/// The one of `values` whose name is `word`.
template <class Values>
auto named(const Values& values, const std::string& word, std::string_view what,
           const std::string& origin) {
  std::vector<std::string_view> known;
  for (const auto value : values) {
    if (name(value) == word) return value;
    known.push_back(name(value));
  }
  throw InputError(fmt::format("{}: {} '{}' is none of {}", origin, what, lemmabench::quoted(word),
                               fmt::join(known, ", ")));
}

void read_request(const Json& json, GateCell& cell, const std::string& origin) {
  LawRequest& request = cell.request;
  read_settings(json, "arithmetic", origin, request);
  request.target = canonical_target(json.at("target").get<std::string>(), origin);
  request.score = canonical_score(request.score, origin);
  if (request.digits < 0 || request.digits > kMostDigits) {
    throw InputError(
        fmt::format("{}: digits {} is not from 0 to {}", origin, request.digits, kMostDigits));
  }
  if (cell.kind == CellKind::order) {
    cell.steps = json.at("steps").get<std::vector<long>>();
    if (cell.steps.size() < kLeastFitPoints ||
        !std::is_sorted(cell.steps.begin(), cell.steps.end(), std::less_equal<long>())) {
      throw InputError(fmt::format("{}: the steps of an order ascend and are {} or more", origin,
                                   kLeastFitPoints));
    }
  } else {
    request.steps = json.at("steps").get<long>();
  }
  const long least = cell.kind == CellKind::order ? cell.steps.front() : request.steps;
  const long most = cell.kind == CellKind::order ? cell.steps.back() : request.steps;
  if (least < 2 || most > kMaxSteps) {
    throw InputError(fmt::format("{}: steps must be from 2 to {}", origin, kMaxSteps));
  }
}

GateCell read_cell(const Json& json, const std::string& origin) {
  GateCell cell;
  cell.kind = named(kCellKinds, json.at("kind"), "kind", origin);
  switch (cell.kind) {
    case CellKind::claim:
      cell.claim = json.at("claim").get<std::string>();
      cell.subject = json.at("case").get<std::string>();
      return cell;
    case CellKind::law:
      cell.local_errors = json.at("local_errors").get<bool>();
      break;
    case CellKind::certificate:
      cell.margin = json.at("margin").get<double>();
      if (!(cell.margin > 0 && cell.margin <= 1)) {
        throw InputError(fmt::format("{}: margin {} is not in (0, 1]", origin, cell.margin));
      }
      break;
    case CellKind::order:
      break;
  }
  read_request(json, cell, origin);
  return cell;
}

/// The numbers without which a comparison would pass for want of something to compare.
std::vector<std::string> needed_numbers(const GateCell& cell) {
  switch (cell.kind) {
    case CellKind::law:
      return {"tv", "kl_pq", "kl_qp", "hellinger", "score_calls"};
    case CellKind::certificate:
      return {"kl bound"};
    case CellKind::order: {
      std::vector<std::string> out;
      for (const long steps : cell.steps) out.push_back(fmt::format("tv T={}", steps));
      return out;
    }
    case CellKind::claim:
      break;
  }
  return {};
}

CellAnswer read_answer(const Json& json, const GateCell& cell, const std::string& origin) {
  CellAnswer out;
  if (cell.kind == CellKind::claim) {
    out.verdict = named(kVerdicts, json.at("verdict"), "verdict", origin);
  }
  std::set<std::string> names;
  for (const Json& entry : json.at("numbers")) {
    Measurement number;
    number.name = entry.at("name").get<std::string>();
    number.sense = named(kSenses, entry.at("sense"), "sense", origin);
    number.value = quantity_from_json(entry, origin + ": " + number.name);
    if (!names.insert(number.name).second) {
      throw InputError(
          fmt::format("{}: '{}' stands twice", origin, lemmabench::quoted(number.name)));
    }
    out.numbers.push_back(std::move(number));
  }
  for (const std::string& needed : needed_numbers(cell)) {
    if (names.count(needed) == 0) {
      throw InputError(fmt::format("{}: lacks '{}'; write the baseline again", origin, needed));
    }
  }
  return out;
}

void check_format(const Json& json, const std::string& file) {
  if (!json.is_object() || json.value("format", "") != kFormat) {
    throw InputError(fmt::format(
        "{}: not a baseline; `lemmabench compare --sampler S --write FILE.json` writes one", file));
  }
  const int version = json.at("format_version").get<int>();
  if (version != kFormatVersion) {
    throw InputError(
        fmt::format("{}: format_version {}, and this program reads {}; write the "
                    "baseline again",
                    file, version, kFormatVersion));
  }
}

Baseline read_baseline(const Json& json, const std::string& file) {
  check_format(json, file);
  Baseline out;
  out.sampler = json.at("sampler").get<std::string>();
  out.version = json.at("version").get<std::string>();
  out.alpha = json.at("alpha").get<double>();
  if (!(out.alpha > 0 && out.alpha < 1)) {
    throw InputError(fmt::format("{}: alpha {} is not in (0, 1)", file, out.alpha));
  }
  out.left_out = json.value("left_out", std::vector<std::string>{});
  std::set<std::string> ids;
  for (const Json& entry : json.at("cells")) {
    std::string origin = fmt::format("{}: cell {}", file, out.cells.size() + 1);
    try {
      BaselineCell one;
      one.cell = read_cell(entry, origin);
      origin += " (" + one.cell.id() + ")";
      if (!ids.insert(one.cell.id()).second) {
        throw InputError(origin + ": stands twice");
      }
      one.answer = read_answer(entry, one.cell, origin);
      out.cells.push_back(std::move(one));
    } catch (const nlohmann::json::exception& error) {
      throw InputError(fmt::format("{}: {}", origin, quoted(error.what())));
    }
  }
  return out;
}

}  // namespace

std::string baseline_json(const Baseline& baseline) {
  Json json;
  json["format"] = kFormat;
  json["format_version"] = kFormatVersion;
  json["sampler"] = baseline.sampler;
  json["version"] = baseline.version;
  json["alpha"] = baseline.alpha;
  json["cells"] = Json::array();
  for (const BaselineCell& one : baseline.cells) {
    json["cells"].push_back(cell_json(one));
  }
  json["left_out"] = baseline.left_out;
  return json.dump(1) + "\n";
}

Baseline baseline_from_json(std::string_view text, const std::string& file) {
  try {
    return read_baseline(Json::parse(text), file);
  } catch (const nlohmann::json::exception& error) {
    throw InputError(fmt::format("{}: not the JSON of a baseline: {}", file, quoted(error.what())));
  }
}

}  // namespace lemmabench
