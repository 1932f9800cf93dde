#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "harness/studies/regression/cell.hpp"

/// The regression gate: is a sampler at least as good as a baseline says, or the very same?
namespace lemmabench {

struct BaselineCell {
  GateCell cell;
  CellAnswer answer;  ///< of the baseline's sampler; never failed
};

/// What was measured of one sampler; written to and read from JSON
/// (harness/studies/regression/baseline_json.hpp).
struct Baseline {
  std::string sampler;                ///< whom it was written for
  std::string version;                ///< of the lemmabench that wrote it
  double alpha = 0.01;                ///< family-wise error of the sampled cells, shared with
                                      ///< the comparison: half of it is spent on the baseline
  std::vector<BaselineCell> cells;    ///< in the plan's order, cheap ones first
  std::vector<std::string> left_out;  ///< cells the sampler has no answer to, with the reason
  /// False when a cell was left out for a failure and not a refusal; never part of a file.
  bool complete = true;
};

enum class ChangeKind {
  unchanged,     ///< the two values may be the same number
  improved,      ///< better beyond both errors
  differs,       ///< not the same number, under `exact`; or a detail, otherwise
  regression,    ///< worse beyond both errors (and the tolerance)
  inconclusive,  ///< the new value is known too badly to tell
  missing,       ///< the baseline has it, the new answer does not
  failed         ///< the cell has no answer: refused, crashed, not converged
};

/// "unchanged", ...
std::string_view name(ChangeKind kind);

/// One number, or the verdict of a claim, before and after.
struct Change {
  std::string quantity;  ///< Measurement::name, "verdict", or empty for the cell as a whole
  ChangeKind kind = ChangeKind::unchanged;
  bool failure = false;  ///< the gate does not pass with it
  std::optional<Quantity> before;
  std::optional<Quantity> after;
  std::string reason;   ///< one sentence; empty if unchanged
  bool detail = false;  ///< of a number that only `exact` judges
};

/// One cell, compared.
struct CellReport {
  const GateCell* cell = nullptr;  ///< of the baseline, which must outlive the report
  std::vector<Change> changes;     ///< all but the unchanged ones; failures first
  long unchanged = 0;              ///< numbers
  double seconds = 0;              ///< to compute the new answer
  /// Caught: at least one change is a failure.
  bool failed() const { return !changes.empty() && changes.front().failure; }
};

struct GateReport {
  std::string sampler;
  std::string baseline_sampler;
  std::string baseline_version;
  bool exact = false;
  std::vector<CellReport> cells;  ///< in the baseline's order; fewer after stop_at_first_failure

  /// At least one cell, and none failed.
  bool passed() const;
  long count(ChangeKind kind) const;  ///< of numbers, over all cells
  /// The first cell that failed, or nullptr.
  const CellReport* first_failure() const;
};

struct GateOptions {
  /// Any change is a failure, details included: is it the same sampler?
  bool exact = false;
  /// Relative slack on top of the errors before something worse is a regression.
  double tolerance = 0;
  /// A new value whose error exceeds this fraction of the old one (and ten times the old error)
  /// decides nothing.
  double resolution = 0.1;
  std::string cells = "*";  ///< globs, comma-separated, matched against the ids
  /// Quantities (globs, comma-separated) whose changes are reported but never a failure, e.g.
  /// "score_calls" for a variant that takes two scores a step on purpose.
  std::string ignore;
  int threads = 1;  ///< cells side by side; the report does not depend on it
  /// Cell by cell in the baseline's order, and no further than the first failure.
  bool stop_at_first_failure = false;
  /// For the code of a sampler from a header (LawOptions::guard).
  std::optional<ChildLimits> guard = std::nullopt;
};

/// Measures `sampler` on the cells of a plan. A cell without an answer (refused by the engine, not
/// converged, crashed, inconclusive or not applicable as a claim) is left out and says so. `guard`
/// as in GateOptions. Throws
/// InputError for a sampler nobody has and when no cell is left.
Baseline make_baseline(const std::vector<GateCell>& cells, const std::string& sampler, int threads,
                       double alpha = 0.01, const std::optional<ChildLimits>& guard = std::nullopt);

/// Compares one new answer of a deterministic cell with the old one; no computation.
///
/// Two numbers are the same when their intervals value +- error overlap, proved or computed alike:
/// the declared errors decide and nothing else. A new value better beyond both errors is improved
/// (under `exact`: differs, a failure), worse beyond them and beyond tolerance * |old| a
/// regression, overlapping with an error above the resolution inconclusive. A number the new answer
/// lacks is missing; new numbers the baseline does not have are not looked at. Claims: holds to
/// violated is a regression, violated to holds an improvement. Errors of sampled numbers
/// (random times, averaged over draws) are taken `widening` times.
std::vector<Change> compare_answers(const CellAnswer& before, const CellAnswer& after,
                                    const GateOptions& options, double widening = 1);

/// Puts one cell of the baseline to `sampler` and compares. Never throws for what the sampler does.
CellReport compare_cell(const Baseline& baseline, const BaselineCell& cell,
                        const std::string& sampler, const GateOptions& options);

/// The gate: every cell of the baseline that options.cells matches, put to `sampler`. A cell that
/// is refused, crashes or does not converge fails by itself; the rest goes on. Throws InputError
/// for a sampler nobody has (or whose file does not parse) and for globs that match no cell of a
/// baseline that has cells. A baseline without cells does not pass.
GateReport run_gate(const Baseline& baseline, const std::string& sampler,
                    const GateOptions& options);

}  // namespace lemmabench
