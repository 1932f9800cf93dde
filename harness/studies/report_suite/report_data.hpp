#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "harness/studies/claims/verification.hpp"
#include "theory/claims/necessity_table.hpp"
#include "theory/process/output_law.hpp"

namespace lemmabench {

struct Atlas;
struct Audit;
struct HeavyTailResult;
struct MutantRun;
struct WorstCaseResult;

/// The claims on their cases, and their false twins.
struct LedgerData {
  Ledger ledger;
  Ledger controls;
  /// N1..N3, on a Gaussian and a mixture each, with the case's name.
  std::vector<std::pair<std::string, NecessityTable>> necessity;
};

/// What a report is made from: laws, and where they come from.
struct ReportData {
  std::vector<LawResult> cells;  ///< in the order of the grid
  /// "quick suite", "full suite" or the store's file name.
  std::string origin;
  std::string command;                ///< the command line that makes this report again
  std::vector<std::string> left_out;  ///< cells that could not be computed, and why
  std::shared_ptr<const LedgerData> ledger = nullptr;  ///< null in a report of a store
  std::shared_ptr<const Atlas> atlas = nullptr;        ///< null if no family was measured
  std::shared_ptr<const HeavyTailResult> heavy_tails = nullptr;
  std::shared_ptr<const WorstCaseResult> worst_case = nullptr;
  std::shared_ptr<const Audit> audit = nullptr;
  std::shared_ptr<const MutantRun> mutants = nullptr;
};

}  // namespace lemmabench
