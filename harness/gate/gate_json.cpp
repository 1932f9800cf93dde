#include <algorithm>
#include <nlohmann/json.hpp>

#include "harness/gate/gate_output.hpp"
#include "harness/quantity_json.hpp"
#include "lemmabench_version.hpp"

namespace lemmabench {
namespace {

using Json = nlohmann::ordered_json;

constexpr long kDigits = 20;

Json quantity_or_null(const std::optional<Quantity>& quantity) {
  return quantity ? quantity_json(*quantity, kDigits) : Json(nullptr);
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
                               {"reason", change.reason}});
  }
  return json;
}

Json summary_json(const GateReport& report) {
  Json json;
  json["cells"] = report.cells.size();
  json["failed_cells"] = std::count_if(report.cells.begin(), report.cells.end(),
                                       [](const CellReport& cell) { return cell.failed(); });
  for (const ChangeKind kind :
       {ChangeKind::unchanged, ChangeKind::improved, ChangeKind::differs, ChangeKind::regression,
        ChangeKind::inconclusive, ChangeKind::missing, ChangeKind::failed}) {
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

}  // namespace lemmabench
