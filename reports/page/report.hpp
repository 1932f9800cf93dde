#pragma once

#include <filesystem>
#include <string>

#include "reports/figures/series.hpp"

namespace lemmabench {

/// Where a report was written, and its headline as text.
struct WrittenReport {
  std::filesystem::path index;  ///< DIR/index.html
  std::string headline;         ///< the table of orders, aligned, with a last newline
  /// The worst verdict of the judged orders and of the decomposition: `violated` when an order is
  /// slower than expected, the parts do not add up, a claim that no finding refutes is violated, a
  /// false twin was not caught, or a planted bug survives unexplained; else `holds`.
  Verdict verdict = Verdict::holds;
};

/// Writes the report into `directory`, which is made if need be:
///   index.html            self-contained: figures, style sheet and script inside
///   report.json           every number of the page, with value, error and evidence
///   figures/ID.svg|pdf|csv|gp   each figure, its data and its gnuplot script
///   tables/orders.csv, tables/cells.csv
/// Everything is first made in a temporary directory beside it and then moved, file by file, each
/// move atomic; index.html comes last, so that it never refers to what is not there. Other files
/// in the directory (the store) are left alone.
///
/// The bytes depend on the cells alone, not on `threads` or the hour. Cost: about 30 ms a figure.
/// Throws InputError when the directory cannot be written or there are no cells,
/// std::runtime_error (exit code 3) when gnuplot is missing or fails.
WrittenReport write_report(const ReportData& data, const std::filesystem::path& directory,
                           int threads);

/// The verdict of WrittenReport without writing anything.
Verdict report_verdict(const ReportData& data);

/// The report's whole document without writing anything: what report.json holds.
std::string report_json(const ReportData& data);

}  // namespace lemmabench
