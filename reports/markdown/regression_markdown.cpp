#include "reports/markdown/regression_markdown.hpp"

#include <fmt/format.h>

#include <string>

#include "reports/markdown/escaped.hpp"
#include "reports/text/regression_text.hpp"
#include "reports/text/verification_text.hpp"

namespace lemmabench {
namespace {

/// A page that nobody scrolls through says less than the first rows and a count.
constexpr long kMostRows = 40;

std::string value_or_dash(const std::optional<Quantity>& quantity) {
  return quantity ? short_value(*quantity) : "–";
}

std::string row(const CellReport& cell, const Change& change) {
  return fmt::format("| {} | {} | {} | {} | {}{} | {} |\n", escaped(cell.cell->id()),
                     escaped(change.quantity), value_or_dash(change.before),
                     value_or_dash(change.after), change.failure ? "❌ " : "", name(change.kind),
                     escaped(change.reason));
}

}  // namespace

std::string gate_markdown(const GateReport& report) {
  std::string out = fmt::format(
      "### {} `{}` against the baseline of `{}`{}\n\n{}.\n", report.passed() ? "✅" : "❌",
      report.sampler, report.baseline_sampler, report.exact ? ", exact" : "",
      report.cells.empty() ? "The baseline has no cells: nothing was compared"
                           : gate_counts(report));
  long rows = 0;
  for (const CellReport& cell : report.cells) {
    for (const Change* change : shown_changes(cell)) {
      if (rows++ == 0) {
        out += "\n| cell | quantity | before | after | change | |\n|---|---|--:|--:|---|---|\n";
      }
      if (rows <= kMostRows) out += row(cell, *change);
    }
  }
  if (rows > kMostRows) {
    out += fmt::format("\n{} further changes are in the JSON.\n", rows - kMostRows);
  }
  return out;
}

}  // namespace lemmabench
