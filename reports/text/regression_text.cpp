#include "reports/text/regression_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <vector>

#include "reports/text/verification_text.hpp"

namespace lemmabench {
namespace {

constexpr std::size_t kMostLines = 6;

/// "0.001234" or "-".
std::string short_or_dash(const std::optional<Quantity>& quantity) {
  return quantity ? short_value(*quantity) : "-";
}

/// A cell that fails, with its changes, failures first.
void add_failed_cell(std::string& out, const CellReport& cell) {
  const std::vector<const Change*> shown = shown_changes(cell);
  out += fmt::format("FAIL {}\n", cell.cell->id());
  for (std::size_t i = 0; i < std::min(shown.size(), kMostLines); ++i) {
    out += "       " + change_text(*shown[i]) + "\n";
  }
  if (shown.size() > kMostLines) {
    out += fmt::format("       ... and {} more\n", shown.size() - kMostLines);
  }
}

/// A cell that passes and is not quite the same: its first change stands for all.
void add_passed_cell(std::string& out, const CellReport& cell) {
  const std::vector<const Change*> shown = shown_changes(cell);
  if (!shown.empty()) {
    out += fmt::format("ok   {}\n       {}{}\n", cell.cell->id(), change_text(*shown.front()),
                       shown.size() > 1 ? fmt::format(" (and {} more)", shown.size() - 1) : "");
  }
}

}  // namespace

std::string change_text(const Change& change) {
  std::string out;
  if (change.before || change.after) {
    out = fmt::format("{:<18} {} -> {}  ", change.quantity, short_or_dash(change.before),
                      short_or_dash(change.after));
  } else if (!change.quantity.empty()) {
    out = change.quantity + "  ";
  }
  return out + fmt::format("{}: {}", name(change.kind), change.reason);
}

std::vector<const Change*> shown_changes(const CellReport& cell) {
  std::vector<const Change*> out;
  for (const Change& change : cell.changes) {
    if (change.failure || !change.detail) {
      out.push_back(&change);
    }
  }
  return out;
}

std::string gate_counts(const GateReport& report) {
  const auto passed = std::count_if(report.cells.begin(), report.cells.end(),
                                    [](const CellReport& cell) { return !cell.failed(); });
  std::string out = fmt::format("{} of {} cells pass; {} numbers unchanged", passed,
                                report.cells.size(), report.count(ChangeKind::unchanged));
  for (const ChangeKind kind :
       {ChangeKind::improved, ChangeKind::differs, ChangeKind::regression, ChangeKind::inconclusive,
        ChangeKind::missing, ChangeKind::failed}) {
    if (const long count = report.count(kind); count > 0) {
      out += fmt::format(", {} {}", count, name(kind));
    }
  }
  return out;
}

std::string gate_text(const GateReport& report) {
  std::string out =
      fmt::format("{} against the baseline of {} ({}){}\n\n", report.sampler,
                  report.baseline_sampler, report.baseline_version, report.exact ? ", exact" : "");
  const std::size_t head = out.size();
  for (const CellReport& cell : report.cells) {
    if (cell.failed()) add_failed_cell(out, cell);
  }
  for (const CellReport& cell : report.cells) {
    if (!cell.failed()) add_passed_cell(out, cell);
  }
  if (out.size() > head) out += "\n";
  out += gate_counts(report) + "\n";
  out += report.cells.empty() ? "FAILED: the baseline has no cells, so nothing was compared\n"
         : report.passed()    ? "passed\n"
                              : "FAILED\n";
  return out;
}

}  // namespace lemmabench
