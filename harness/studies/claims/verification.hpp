#pragma once

#include <optional>
#include <string>
#include <vector>

#include "theory/claims/claim.hpp"

/// The ledger: claims evaluated on cases, and their false twins (theory.md section 6).
namespace lemmabench {

/// What `lemmabench verify` was asked.
struct LedgerRequest {
  std::string claims = "*";          ///< globs, comma-separated, matched against the ids
  std::string cases = "*";           ///< globs, comma-separated, matched against the case names
  std::vector<std::string> targets;  ///< as --target; not empty: these instead of the catalogue
  Effort effort;
  bool controls = false;  ///< run the false twins instead of the claims
  int threads = 1;
};

/// One claim on one case.
struct LedgerRow {
  const Claim* claim = nullptr;
  const Case* subject = nullptr;
  Outcome outcome;
  double seconds = 0;   ///< wall time; shown on request only, since it is never the same twice
  std::string command;  ///< repeats this row
};

/// A claim over all its cases.
struct ClaimSummary {
  const Claim* claim = nullptr;
  /// violated if any case is, else inconclusive if any is, else holds; not applicable if no case
  /// applies.
  Verdict verdict = Verdict::not_applicable;
  long holds = 0, violated = 0, inconclusive = 0, not_applicable = 0;
  long proved = 0;        ///< of those that apply: the statement on its case, or its refutation
  long on_instances = 0;  ///< besides: proved on the instances that were looked at
  std::size_t worst = 0;  ///< index of the row of the worst case
  /// The largest of the cases' smallest constants and the row it is from.
  std::optional<Quantity> constant;
  std::size_t constant_row = 0;

  long applicable() const { return holds + violated + inconclusive; }
};

/// One false twin.
struct ControlRow {
  const Claim* claim = nullptr;
  const Control* control = nullptr;
  Outcome outcome;
  bool caught() const { return outcome.verdict == Verdict::violated; }
};

/// Counts over all rows.
struct LedgerTotals {
  long holds = 0, violated = 0, inconclusive = 0, not_applicable = 0;
  long proved = 0;        ///< of the verdicts: the statement on its case, or its refutation
  long on_instances = 0;  ///< besides: proved on the instances that were looked at
  long comparisons = 0;

  long verdicts() const { return holds + violated + inconclusive; }
};

struct Ledger {
  Ledger() = default;
  Ledger(const Ledger&) = delete;  // rows point into own_cases
  Ledger& operator=(const Ledger&) = delete;
  Ledger(Ledger&&) = default;
  Ledger& operator=(Ledger&&) = default;
  ~Ledger() = default;

  LedgerRequest request;
  std::vector<Case> own_cases;       ///< of request.targets
  std::vector<LedgerRow> rows;       ///< by claim, then by case, in catalogue order
  std::vector<ClaimSummary> claims;  ///< worst first
  std::vector<ControlRow> controls;  ///< when asked for

  /// 0 when everything holds (and every control was caught), else 1. With `accept_findings`, a
  /// violated claim whose record names its finding counts as expected.
  int exit_code(bool accept_findings) const;
  LedgerTotals totals() const;
};

/// Evaluates. Same outcome on any number of threads. Throws InputError when no claim, or no case of
/// the kind a claim is about, matches the globs.
Ledger run_ledger(const LedgerRequest& request);
/// The same with a laboratory that may have answered before: the false twins ask for many of the
/// laws their claims asked for.
Ledger run_ledger(const LedgerRequest& request, Laboratory& laboratory);

/// Orders outcomes by how bad they are: violated, inconclusive, holds, not applicable; within one
/// verdict the smaller margin first. True when a is worse than b.
bool worse(const Outcome& a, const Outcome& b);

/// True if `name` matches one of the comma-separated globs (fnmatch without special path rules) and
/// none of those that start with '!'; a list of the latter alone means everything else.
bool matches_globs(const std::string& name, const std::string& globs);

}  // namespace lemmabench
