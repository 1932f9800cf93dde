#pragma once

#include <functional>
#include <string>
#include <vector>

#include "harness/law/law.hpp"
#include "harness/records/store.hpp"

namespace lemmabench {

/// What a sweep did. Failures are of the whole grid, in its order, older ones included.
struct SweepSummary {
  std::size_t cells = 0;     ///< of the grid
  std::size_t resumed = 0;   ///< were in the store already
  std::size_t computed = 0;  ///< by this run
  std::vector<StoreCell> failures;
};

/// What computes one cell; compute_law on one thread, in tests something else.
using LawFunction = std::function<LawResult(const LawRequest&)>;

/// Computes one cell: an InputError, EngineRefusal or NumericalFailure becomes its outcome.
StoreCell compute_cell(const LawRequest& request, const LawFunction& law);

/// Computes the cells that `store` does not have, `jobs` at a time, each put as soon as it is done,
/// then finishes the store. The file's bytes do not depend on `jobs`, nor on how many times the
/// sweep was interrupted before.
///
/// An InputError, EngineRefusal or NumericalFailure of one cell is stored as its outcome and the
/// rest goes on; it is tried again only by another version of lemmabench, or if `retry_failed`.
/// Anything else (out of memory, disk full) ends the sweep; what was done by then stays in the
/// store.
SweepSummary run_sweep(const std::vector<LawRequest>& requests, Store& store, int jobs,
                       const LawFunction& law, bool retry_failed = false);

}  // namespace lemmabench
