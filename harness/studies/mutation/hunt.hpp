#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cases/mutants/bug.hpp"
#include "harness/studies/mutation/bank.hpp"
#include "harness/studies/regression/regression.hpp"

/// The gate put to the test: is every planted bug caught, by what, at which cost, and how small may
/// it be?
namespace lemmabench {

/// What gave a mutant away: the first number of a cell that is certainly not the base's.
struct MutantCatch {
  std::string cell;      ///< GateCell::id()
  std::string quantity;  ///< Change::quantity; empty if the cell has no answer any more
  ChangeKind kind = ChangeKind::differs;
  std::string reason;
  std::optional<Quantity> before;
  std::optional<Quantity> after;
};

struct MutantOutcome {
  MutantRecord record;
  std::optional<MutantCatch> caught;  ///< by the plan; none: it survives
  long cells = 0;                     ///< put to the mutant until it was caught
  long score_calls = 0;               ///< of the mutant, in the laws among these cells
  double seconds = 0;                 ///< for the mutant alone
  std::optional<MutantCatch> seen;    ///< of a survivor: by the record's witness

  /// Caught, or a survivor that its record explains and its witness sees.
  bool as_recorded() const { return record.witness ? !caught && seen : caught.has_value(); }
};

/// Whether the gate lets pass what is the same.
struct EqualOutcome {
  EqualRecord record;
  long cells = 0;                      ///< put to the equal
  std::optional<MutantCatch> flagged;  ///< a false alarm
};

/// How small an error of one coefficient a law still shows.
struct DetectionThreshold {
  std::string sampler;
  Coefficient of = Coefficient::b;
  std::string engine;  ///< "gaussian" or "line"
  std::string cell;    ///< GateCell::id()
  /// The largest k in 1..kFinest such that a factor 1 + 10^-k is caught; 0 if that of 1 + 1 = 2 is,
  /// but none of these.
  int digits = 0;
};

/// The smallest relative error tried is 10^-kFinest.
inline constexpr int kFinest = 14;

struct MutantRun {
  std::string bank;
  bool exact = true;                    ///< any change is a catch; else only what is worse
  std::vector<MutantOutcome> outcomes;  ///< in the bank's order
  std::vector<EqualOutcome> equals;     ///< in the bank's order
  std::vector<DetectionThreshold> thresholds;
  double seconds = 0;  ///< wall time, bases included

  std::size_t caught() const;
  /// At least 95 % are caught, all is as the records say, and there is no false alarm.
  bool passed() const;
};

/// A run passes with this share caught.
inline constexpr double kLeastCaught = 0.95;

/// Puts every mutant to the deterministic cells of the plan, one by one until a number is certainly
/// not its base's (the gate in its `exact` mode). What the base gives is computed once, for the
/// cells that are needed; a cell without a usable answer of the base (refused, inconclusive) is no
/// cell of its gate. A cell that refuses the mutant or finds it inconclusive fails a gate, but says
/// nothing of its law and does not count as a catch. Equals are put to the laws and orders of the
/// plan. `threads` mutants at a time; the result does not depend on it, seconds apart.
///
/// Without `exact` a catch must be something worse, as in the gate's ordinary mode, which cannot
/// see a bug that happens to help; survivors' witnesses and equals are judged exactly all the same.
/// `guard` is for bases from headers (LawOptions::guard).
MutantRun hunt_mutants(const MutantBank& bank, const std::vector<GateCell>& plan, int threads,
                       bool exact = true, const std::optional<ChildLimits>& guard = std::nullopt);

/// The thresholds of all coefficients that `sampler` uses: on the first law cells of the plan with
/// at least kThresholdSteps steps whose target is a Gaussian and a one-dimensional mixture, by
/// bisection over the k of 10^-k (about 4 laws a coefficient and cell). A coefficient is used if
/// doubling it is caught.
std::vector<DetectionThreshold> detection_thresholds(const std::string& sampler,
                                                     const std::vector<GateCell>& plan,
                                                     const std::optional<ChildLimits>& guard = {});

/// Adds the thresholds of every sampler that the run has mutants of, with its default options.
/// `threads` samplers at a time.
void add_thresholds(MutantRun& run, const std::vector<GateCell>& plan, int threads,
                    const std::optional<ChildLimits>& guard = std::nullopt);

/// With fewer steps there are no neighbours to make a mistake about.
inline constexpr long kThresholdSteps = 16;

/// The sampler as a threshold is measured on it: with one draw if its times are random, so that the
/// law is deterministic.
std::string one_draw(const std::string& sampler);

/// The first difference of two answers that fails the gate (`exact` or not); none if there is none.
std::optional<MutantCatch> first_difference(const GateCell& cell, const CellAnswer& base,
                                            const CellAnswer& mutant, bool exact = true);

}  // namespace lemmabench
