#include <fmt/format.h>

#include <string>
#include <utility>
#include <vector>

#include "reports/json/mutation_json.hpp"
#include "reports/page/sections.hpp"
#include "reports/text/mutation_text.hpp"
#include "reports/text/typesetting.hpp"

namespace lemmabench {

namespace {

using nlohmann::ordered_json;

ordered_json row_json(const MutantOutcome& outcome) {
  const MutantRecord& record = outcome.record;
  ordered_json out{{"sampler", record.base},
                   {"bug", record.bug},
                   {"title", record.title},
                   {"cells", outcome.cells},
                   {"score_calls", outcome.score_calls}};
  set_verdict(out, outcome.as_recorded() ? Verdict::holds : Verdict::violated, "");
  out["caught"] = outcome.caught.has_value();
  if (outcome.caught) {
    out["cell"] = outcome.caught->cell;
    out["quantity"] = outcome.caught->quantity;
    out["change"] =
        outcome.caught->before ? outcome.caught->reason : std::string(name(outcome.caught->kind));
  } else {
    const std::string seen = outcome.seen ? outcome.seen->cell : "nothing";
    out["why"] = record.witness ? fmt::format("{}; seen by {}", record.survives, seen)
                                : std::string("nobody knows why");
  }
  return out;
}

ordered_json table_json(const ThresholdTable& table) {
  ordered_json out{{"engine", table.engine}, {"cell", table.cell}};
  out["header"] = ordered_json::array();
  out["rows"] = ordered_json::array();
  const auto cells = [](const std::vector<std::string>& line, std::size_t first) {
    ordered_json entries = ordered_json::array();
    for (std::size_t i = first; i < line.size(); ++i) entries.push_back({{"text", line[i]}});
    return entries;
  };
  out["header"] = cells(table.lines.front(), 1);
  for (std::size_t i = 1; i < table.lines.size(); ++i) {
    out["rows"].push_back(
        {{"sampler", table.lines[i].front()}, {"entries", cells(table.lines[i], 1)}});
  }
  return out;
}

}  // namespace

Section mutants_section(const MutantRun* run) {
  Section section;
  if (run == nullptr) {
    section.numbers = nullptr;
    return section;
  }
  ordered_json rows = ordered_json::array();
  for (const MutantOutcome& outcome : run->outcomes) rows.push_back(row_json(outcome));
  ordered_json tables = ordered_json::array();
  for (const ThresholdTable& table : threshold_tables(run->thresholds)) {
    tables.push_back(table_json(table));
  }
  ordered_json equals = ordered_json::array();
  for (const EqualOutcome& equal : run->equals) {
    ordered_json row{{"sampler", equal.record.equal},
                     {"base", equal.record.base},
                     {"title", equal.record.title},
                     {"cells", equal.cells}};
    set_verdict(row, equal.flagged ? Verdict::violated : Verdict::holds, "");
    equals.push_back(std::move(row));
  }
  section.numbers = {{"bank", run->bank},
                     {"mode", run->exact ? "exact" : "regressions only"},
                     {"caught", run->caught()},
                     {"total", run->outcomes.size()},
                     {"passed", run->passed()},
                     {"rows", std::move(rows)},
                     {"equals", std::move(equals)},
                     {"tables", std::move(tables)},
                     {"data", mutants_json(*run, false)}};
  return section;
}

}  // namespace lemmabench
