#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <vector>

#include "harness/cli/aligned.hpp"
#include "harness/mutants/mutants_json.hpp"

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

/// Survivors and wrong records, a line each.
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
  return out;
}

/// One engine's thresholds: samplers down, coefficients across.
std::string threshold_table(const std::vector<DetectionThreshold>& thresholds,
                            const std::string& engine) {
  std::vector<Row> rows{{"sampler"}};
  std::vector<Coefficient> columns;
  for (const Coefficient of : scalable_coefficients()) {
    const bool used = std::any_of(thresholds.begin(), thresholds.end(), [&](const auto& one) {
      return one.of == of && one.engine == engine;
    });
    if (used) {
      columns.push_back(of);
      rows.front().emplace_back(name(of));
    }
  }
  for (const DetectionThreshold& one : thresholds) {
    if (one.engine != engine) continue;
    auto row = std::find_if(rows.begin() + 1, rows.end(),
                            [&](const Row& known) { return known.front() == one.sampler; });
    if (row == rows.end()) {
      rows.emplace_back(columns.size() + 1, "-");
      row = rows.end() - 1;
      row->front() = one.sampler;
    }
    const auto column = std::find(columns.begin(), columns.end(), one.of) - columns.begin() + 1;
    (*row)[static_cast<std::size_t>(column)] = threshold_text(one);
  }
  return rows.size() == 1 ? "" : fmt::format("\n{} law\n{}", engine, aligned(rows));
}

}  // namespace

std::string threshold_text(const DetectionThreshold& threshold) {
  if (threshold.digits == 0) return ">1e-1";
  return fmt::format("{}1e-{}", threshold.digits == kFinest ? "<=" : "", threshold.digits);
}

std::string mutants_text(const MutantRun& run, bool times) {
  const std::size_t total = run.outcomes.size();
  std::string out = fmt::format("Planted bugs of the bank {}, put to the quick gate\n\n", run.bank);
  out += mutant_table(run, times);
  out += fmt::format("\n{} of {} caught ({})\n", run.caught(), total, percent(run.caught(), total));
  out += exceptions(run);
  if (!run.thresholds.empty()) {
    out +=
        "\nThe smallest relative error of a coefficient, in every step, that a law still shows\n";
    out += threshold_table(run.thresholds, "gaussian");
    out += threshold_table(run.thresholds, "line");
  }
  return out;
}

}  // namespace lemmabench
