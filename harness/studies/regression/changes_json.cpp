#include "harness/studies/regression/changes_json.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "harness/records/quantity_json.hpp"
#include "lemmabench_version.hpp"
#include "numerics/error.hpp"
#include "numerics/quoted.hpp"

namespace lemmabench {
namespace {

using Json = nlohmann::ordered_json;

constexpr long kChangeDigits = 20;

constexpr std::array kChangeKinds{
    ChangeKind::unchanged,    ChangeKind::improved, ChangeKind::differs, ChangeKind::regression,
    ChangeKind::inconclusive, ChangeKind::missing,  ChangeKind::failed};

Json quantity_or_null(const std::optional<Quantity>& quantity) {
  return quantity ? quantity_json(*quantity, kChangeDigits) : Json(nullptr);
}

std::optional<Quantity> quantity_or_none(const Json& json, std::string_view origin) {
  if (json.is_null()) return {};
  return quantity_from_json(json, origin);
}

ChangeKind kind_named(const std::string& word, std::string_view origin) {
  for (const ChangeKind kind : kChangeKinds) {
    if (name(kind) == word) return kind;
  }
  throw InputError(fmt::format("{}: '{}' is no change", origin, lemmabench::quoted(word)));
}

Json cell_json(const CellReport& cell) {
  Json json;
  json["cell"] = cell.cell->id();
  json["kind"] = name(cell.cell->kind);
  json["passed"] = !cell.failed();
  json["unchanged"] = cell.unchanged;
  json["changes"] = Json::array();
  for (const Change& change : cell.changes) {
    json["changes"].push_back({{"quantity", change.quantity},
                               {"change", name(change.kind)},
                               {"failure", change.failure},
                               {"before", quantity_or_null(change.before)},
                               {"after", quantity_or_null(change.after)},
                               {"reason", change.reason},
                               {"detail", change.detail}});
  }
  return json;
}

Json summary_json(const GateReport& report) {
  Json json;
  json["cells"] = report.cells.size();
  json["failed_cells"] = std::count_if(report.cells.begin(), report.cells.end(),
                                       [](const CellReport& cell) { return cell.failed(); });
  for (const ChangeKind kind : kChangeKinds) {
    json[std::string(name(kind))] = report.count(kind);
  }
  return json;
}

}  // namespace

std::string gate_json(const GateReport& report) {
  Json json;
  json["sampler"] = report.sampler;
  json["baseline_sampler"] = report.baseline_sampler;
  json["baseline_version"] = report.baseline_version;
  json["exact"] = report.exact;
  json["passed"] = report.passed();
  json["summary"] = summary_json(report);
  json["cells"] = Json::array();
  for (const CellReport& cell : report.cells) {
    json["cells"].push_back(cell_json(cell));
  }
  json["version"] = version::number;
  return json.dump(2) + "\n";
}

std::vector<Change> changes_from_json(std::string_view text, std::string_view origin) {
  try {
    const Json json = Json::parse(text);
    const Json& cell = json.at("cells").at(0);
    std::vector<Change> out(cell.at("unchanged").get<std::size_t>());
    for (const Json& entry : cell.at("changes")) {
      out.push_back({entry.at("quantity").get<std::string>(),
                     kind_named(entry.at("change").get<std::string>(), origin),
                     entry.at("failure").get<bool>(), quantity_or_none(entry.at("before"), origin),
                     quantity_or_none(entry.at("after"), origin),
                     entry.at("reason").get<std::string>(), entry.at("detail").get<bool>()});
    }
    return out;
  } catch (const nlohmann::json::exception& error) {
    throw InputError(fmt::format("{}: not the JSON of a comparison: {}", origin, error.what()));
  }
}

}  // namespace lemmabench
