#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "numerics/evidence.hpp"
#include "theory/process/output_law.hpp"

namespace lemmabench {

/// What the gate asks of a sampler.
enum class CellKind {
  law,         ///< an output law: TV, KL, Hellinger, score calls, and details
  order,       ///< laws at several T: their TV, its order and its constant
  claim,       ///< a claim of the ledger with this sampler in place of its own
  certificate  ///< the path certificate: Monte Carlo, compared by a sequential test
};

/// "law", "order", "claim" or "certificate".
std::string_view name(CellKind kind);

/// One question, without the sampler it is put to.
struct GateCell {
  CellKind kind = CellKind::law;
  LawRequest request;         ///< target, schedule, ...; `sampler` is empty
  bool local_errors = false;  ///< law: also TV(K_t p_t, p_{t-1}) for every t
  std::vector<long> steps;    ///< order: T ascending, at least kLeastFitPoints
  std::string claim;          ///< claim: the id
  std::string subject;        ///< claim: the name of the case
  double margin = 0;          ///< certificate: a relative difference of KL that does not matter

  /// The cell in words; no two cells of a baseline have the same:
  /// "law gauss-spread T=64 logit:from=-9,to=9 start=exact score=affine:size=0.1", without what is
  /// the default.
  std::string id() const;
  /// The key of the question put to that sampler (its canonical text): equal exactly for what has
  /// equal answers.
  std::string key(const std::string& sampler) const;
};

/// Which direction is worse. A detail (a term of the error, a local error, a variance error) may
/// trade against another without the sampler being worse: only `exact` comparisons judge it.
enum class Sense { lower_is_better, higher_is_better, detail };

/// One number of an answer.
struct Measurement {
  std::string name;  ///< "tv", "score_calls", "order", "t=5", ...
  Quantity value;
  Sense sense = Sense::lower_is_better;
};

/// What came out of a cell for one sampler.
struct CellAnswer {
  std::vector<Measurement> numbers;
  std::optional<Verdict> verdict;  ///< claims only
  std::string verdict_reason;      ///< in one sentence; never part of a file
  std::string no_order;            ///< why an order cell has no order; never part of a file
  std::string failure;             ///< why there is no answer; empty if there is one
  /// True when the engine does not take the sampler at all (EngineRefusal), false for bad input, a
  /// crash or a numerical failure.
  bool refused = false;
  double seconds = 0;  ///< wall time; never part of a file

  bool failed() const { return !failure.empty(); }
};

/// Runs `fill` on an answer and times it; an exception becomes the answer's failure.
CellAnswer timed_answer(const std::function<void(CellAnswer&)>& fill);

/// Puts the question to a sampler; whatever goes wrong is the answer's failure. Not for
/// certificates, which need a level and a seed (harness/studies/regression/sequential_test.hpp).
/// `threads` and `guard` for one law.
CellAnswer answer_cell(const GateCell& cell, const std::string& sampler, int threads,
                       const std::optional<ChildLimits>& guard = std::nullopt);

/// An order is kept if its half-width is below this: a wider interval holds two whole orders and
/// says nothing of a sampler's.
inline constexpr double kMostOrderError = 0.5;

/// The margin of a certificate where the plan names none.
inline constexpr double kDefaultMargin = 0.1;

/// The cells of a plan; `file` names it in messages. Each table is a grid with the keys, lists and
/// defaults of a sweep's (harness/studies/sweep/sweep_grid.hpp), without samplers:
///
///     [[law]]
///     targets = ["gauss-spread", "mixture-near"]
///     steps = [2, 3, 64]
///     schedules = ["logit:from=-5,to=5"]
///     local = true                      # also the local errors; default false
///     [[order]]                         # one cell for all its steps together; started exactly
///                                       # unless starts says otherwise
///     targets = ["mixture-three"]
///     steps = { from = 128, to = 1024, factor = 2 }
///     [[claim]]                         # a claim of the ledger that has a parameter `sampler`
///     claims = ["D2"]
///     cases = ["mixture-near", "gauss-spread"]
///     [[certificate]]
///     targets = ["two-point:dim=4,separation=2,variance=1"]
///     steps = 100
///     margin = 0.1                      # relative difference of KL that does not matter
///
/// In the order laws, orders, claims, certificates, and within these that of the file: put the
/// cheap ones first. Throws InputError (file:line) as parse_sweep_grid does, for a cell that stands
/// twice, and for a plan without cells.
std::vector<GateCell> parse_gate_plan(std::string_view document, const std::string& file);

/// The plans that ship: "quick". Throws InputError for another name.
std::vector<GateCell> built_in_gate_plan(std::string_view id);

}  // namespace lemmabench
