#include "reports/text/mutation_text.hpp"

#include <fmt/format.h>

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "reports/text/text_table.hpp"

namespace lemmabench {
namespace {

std::string percent(std::size_t part, std::size_t whole) {
  return fmt::format("{:.1f} %", 100 * static_cast<double>(part) / static_cast<double>(whole));
}

Row mutant_row(const MutantOutcome& outcome, bool times) {
  const std::optional<MutantCatch>& caught = outcome.caught;
  const auto or_dash = [](const std::string& text) { return text.empty() ? "-" : text; };
  Row row{outcome.record.base,
          outcome.record.bug,
          outcome.record.title,
          caught ? caught->cell : "SURVIVES",
          caught ? or_dash(caught->quantity) : "-",
          caught ? (caught->before ? caught->reason : std::string(name(caught->kind))) : "-",
          fmt::format("{}", outcome.cells),
          fmt::format("{}", outcome.score_calls)};
  if (times) {
    row.push_back(fmt::format("{:.3f}", outcome.seconds));
  }
  return row;
}

std::string mutant_table(const MutantRun& run, bool times) {
  std::vector<Row> rows{
      {"sampler", "bug", "the mistake", "caught by", "quantity", "change", "cells", "score calls"}};
  if (times) {
    rows.front().emplace_back("seconds");
  }
  for (const MutantOutcome& outcome : run.outcomes) {
    rows.push_back(mutant_row(outcome, times));
  }
  return aligned(rows);
}

/// Survivors, wrong records and equals, a line each.
std::string exceptions(const MutantRun& run) {
  std::string out;
  for (const MutantOutcome& outcome : run.outcomes) {
    const MutantRecord& record = outcome.record;
    if (record.witness && outcome.caught) {
      out += fmt::format("WRONG RECORD {}: said to survive, is caught by {}\n", record.mutant,
                         outcome.caught->cell);
    } else if (!outcome.caught && !record.witness) {
      out += fmt::format("UNEXPLAINED SURVIVOR {}\n", record.mutant);
    } else if (!outcome.caught) {
      out += fmt::format("survivor {}: {}; {} {}\n", record.mutant, record.survives,
                         outcome.seen ? "seen by" : "NOT EVEN SEEN by", record.witness->id());
    }
  }
  for (const EqualOutcome& equal : run.equals) {
    out += fmt::format(
        "{} {} by the baseline of {} ({} cells): {}\n",
        equal.flagged ? "FALSE ALARM on" : "no alarm on", equal.record.equal, equal.record.base,
        equal.cells,
        equal.flagged ? equal.flagged->cell + ", " + equal.flagged->quantity : equal.record.title);
  }
  return out;
}

std::string threshold_text(const DetectionThreshold& threshold) {
  if (threshold.digits == 0) return ">1e-1";
  return fmt::format("{}1e-{}", threshold.digits == kFinest ? "<=" : "", threshold.digits);
}

}  // namespace

std::vector<ThresholdTable> threshold_tables(const std::vector<DetectionThreshold>& thresholds) {
  std::vector<ThresholdTable> out;
  for (const char* engine : {"gaussian", "line"}) {
    std::map<Coefficient, std::map<std::string, std::string>> columns;
    std::vector<std::string> samplers;
    ThresholdTable table{engine, "", {{"sampler"}}};
    for (const DetectionThreshold& one : thresholds) {
      if (one.engine != engine) continue;
      if (table.cell.empty()) table.cell = one.cell;
      if (samplers.empty() || samplers.back() != one.sampler) samplers.push_back(one.sampler);
      columns[one.of][one.sampler] = threshold_text(one);
    }
    for (const auto& [of, entries] : columns) table.lines.front().emplace_back(name(of));
    for (const std::string& sampler : samplers) {
      table.lines.push_back({sampler});
      for (const auto& [of, entries] : columns) {
        const auto entry = entries.find(sampler);
        table.lines.back().push_back(entry == entries.end() ? "-" : entry->second);
      }
    }
    if (!samplers.empty()) out.push_back(std::move(table));
  }
  return out;
}

std::string mutants_text(const MutantRun& run, bool times) {
  const std::size_t total = run.outcomes.size();
  std::string out = fmt::format("Mutants of the list {}, put to the quick regression test ({})\n\n",
                                run.bank, run.exact ? "exact" : "regressions only");
  out += mutant_table(run, times);
  out += fmt::format("\n{} of {} caught ({})\n", run.caught(), total, percent(run.caught(), total));
  out += exceptions(run);
  if (!run.thresholds.empty()) {
    out +=
        "\nThe smallest relative error of a coefficient, in every step, that a law still shows\n";
    for (const ThresholdTable& table : threshold_tables(run.thresholds)) {
      out += fmt::format("\n{} law ({})\n{}", table.engine, table.cell, aligned(table.lines));
    }
  }
  return out;
}

}  // namespace lemmabench
