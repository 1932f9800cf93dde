#pragma once

#include <filesystem>
#include <string>

#include "harness/studies/report_suite/report_data.hpp"

namespace lemmabench {

/// Everything that a report shows, to be computed.
struct ReportSuite {
  std::string name = "quick";  ///< of suite_names()
  /// Must exist. Keeps the laws in cells.sqlite and atlas.sqlite there, so that a run that was
  /// killed goes on.
  std::filesystem::path directory;
  int threads = 1;
  bool plant_bugs = true;  ///< in the full suite, which alone has the time
};

/// Computes the suite: its laws, the iteration complexity, worst cases, heavy tails, claims with
/// their negative controls and, in the full suite, planted bugs. The result does not depend on the
/// number of threads. Cost: minutes (quick) to hours (full). Throws InputError for a suite there is
/// not and stores that cannot be written; cells that failed are listed in ReportData::left_out.
ReportData run_report_suite(const ReportSuite& suite);

/// What a store of `lemmabench sweep` or `atlas` holds for a report; computes no law. Throws
/// InputError as read_store() does.
ReportData report_of_store(const std::filesystem::path& path);

}  // namespace lemmabench
