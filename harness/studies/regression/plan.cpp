#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <utility>

#include "cases/spec.hpp"
#include "gate_plan_files.hpp"
#include "harness/io/toml_document.hpp"
#include "harness/studies/claims/claim_cases.hpp"
#include "harness/studies/regression/cell.hpp"
#include "harness/studies/sweep/law_grid.hpp"
#include "numerics/embedded_file.hpp"
#include "numerics/error.hpp"
#include "numerics/order_fit.hpp"
#include "numerics/quoted.hpp"
#include "theory/claims/claim.hpp"

namespace lemmabench {
namespace {

/// The requests of one table; keys beside those of a grid are `others`.
std::vector<LawRequest> requests(const TomlDocument& document, const toml::table& table,
                                 const std::vector<std::string_view>& others) {
  std::vector<std::string_view> keys = law_grid_keys();
  keys.insert(keys.end(), others.begin(), others.end());
  document.check_keys(table, keys);
  SweepGrid grid = read_law_grid(document, table);
  grid.samplers = {""};
  return sweep_requests(grid);
}

std::vector<GateCell> law_cells(const TomlDocument& document, const toml::table& table) {
  std::vector<GateCell> out;
  const toml::node* local = table.get("local");
  if (local != nullptr && !local->is_boolean()) {
    document.fail(*local, "local must be true or false");
  }
  for (LawRequest& request : requests(document, table, {"local"})) {
    GateCell cell;
    cell.request = std::move(request);
    cell.local_errors = local != nullptr && local->value_or(false);
    out.push_back(std::move(cell));
  }
  return out;
}

/// Requests that differ in steps only are neighbours (sweep_requests) and make one cell.
std::vector<GateCell> order_cells(const TomlDocument& document, const toml::table& table) {
  std::vector<GateCell> out;
  for (LawRequest& request : requests(document, table, {})) {
    const long steps = std::exchange(request.steps, 0);
    // The error of the start has an order of its own, T^-c0, that is no sampler's.
    if (table.get("starts") == nullptr) request.start = Start::exact;
    if (out.empty() || steps <= out.back().steps.back()) {
      GateCell cell;
      cell.kind = CellKind::order;
      cell.request = std::move(request);
      out.push_back(std::move(cell));
    }
    out.back().steps.push_back(steps);
  }
  for (const GateCell& cell : out) {
    if (cell.steps.size() < kLeastFitPoints) {
      document.fail(table, fmt::format("an order needs at least {} numbers of steps, ascending",
                                       kLeastFitPoints));
    }
  }
  return out;
}

/// Claims whose sampler may be replaced.
std::vector<std::string> claims_of_samplers() {
  std::vector<std::string> out;
  for (const Claim& claim : all_claims()) {
    if (std::any_of(claim.parameters.begin(), claim.parameters.end(),
                    [](const Parameter& parameter) { return parameter.id == "sampler"; })) {
      out.push_back(claim.id);
    }
  }
  return out;
}

std::vector<std::string> case_names() {
  std::vector<std::string> out;
  for (const Case& subject : claim_cases()) {
    out.push_back(subject.name);
  }
  return out;
}

std::vector<std::string> known_words(const TomlDocument& document, const toml::table& table,
                                     std::string_view key, std::string_view kind,
                                     const std::vector<std::string>& known) {
  std::vector<std::string> out;
  for (const toml::node* node : document.entries(table, key)) {
    out.push_back(document.word(key, *node));
    if (std::find(known.begin(), known.end(), out.back()) == known.end()) {
      throw_unknown_name(document.at(*node), kind, out.back(), known);
    }
  }
  if (out.empty()) {
    document.fail(table, fmt::format("needs {} = [...]", key));
  }
  return out;
}

std::vector<GateCell> claim_cells(const TomlDocument& document, const toml::table& table) {
  document.check_keys(table, {"claims", "cases"});
  const auto claims =
      known_words(document, table, "claims", "claim about a sampler", claims_of_samplers());
  const auto cases = known_words(document, table, "cases", "case", case_names());
  std::vector<GateCell> out;
  for (const std::string& claim : claims) {
    for (const std::string& subject : cases) {
      GateCell cell;
      cell.kind = CellKind::claim;
      cell.claim = claim;
      cell.subject = subject;
      out.push_back(std::move(cell));
    }
  }
  return out;
}

std::vector<GateCell> certificate_cells(const TomlDocument& document, const toml::table& table) {
  double margin = kDefaultMargin;
  if (const toml::node* node = table.get("margin")) {
    margin = node->value_or(0.0);
    if (!(margin >= 0.001 && margin <= 1)) {
      document.fail(*node, "margin must be a number from 0.001 to 1");
    }
  }
  std::vector<GateCell> out;
  for (LawRequest& request : requests(document, table, {"margin"})) {
    GateCell cell;
    cell.kind = CellKind::certificate;
    cell.request = std::move(request);
    cell.margin = margin;
    out.push_back(std::move(cell));
  }
  return out;
}

using Reader = std::vector<GateCell> (*)(const TomlDocument&, const toml::table&);

void read_tables(const TomlDocument& document, std::string_view key, Reader reader,
                 std::vector<GateCell>& cells) {
  for (const toml::node* node : document.entries(document.table, key)) {
    const toml::table* table = node->as_table();
    if (table == nullptr) {
      document.fail(*node, fmt::format("{0} is a table, [[{0}]]", key));
    }
    for (GateCell& cell : reader(document, *table)) {
      const std::string id = cell.id();
      if (std::any_of(cells.begin(), cells.end(),
                      [&](const GateCell& other) { return other.id() == id; })) {
        document.fail(*table, fmt::format("the cell '{}' stands twice", quoted(id)));
      }
      cells.push_back(std::move(cell));
    }
  }
}

}  // namespace

std::vector<GateCell> parse_gate_plan(std::string_view text, const std::string& file) {
  const TomlDocument document = TomlDocument::parse(text, file);
  document.check_keys(document.table, {"law", "order", "claim", "certificate"});
  std::vector<GateCell> cells;
  read_tables(document, "law", law_cells, cells);
  read_tables(document, "order", order_cells, cells);
  read_tables(document, "claim", claim_cells, cells);
  read_tables(document, "certificate", certificate_cells, cells);
  if (cells.empty()) {
    throw InputError(
        fmt::format("{}:1: needs a [[law]], an [[order]], a [[claim]] or a "
                    "[[certificate]]",
                    file));
  }
  return cells;
}

std::vector<GateCell> built_in_gate_plan(std::string_view id) {
  std::vector<std::string> known;
  for (const EmbeddedFile& file : gate_plan_files()) {
    if (file.name == std::string(id) + ".toml") {
      return parse_gate_plan(file.text, std::string(file.name));
    }
    known.emplace_back(file.name.substr(0, file.name.rfind('.')));
  }
  throw_unknown_name("--cells", "plan", std::string(id), known, "or give a .toml file");
}

}  // namespace lemmabench
