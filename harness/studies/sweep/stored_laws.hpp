#pragma once

#include <cstddef>
#include <mutex>
#include <optional>

#include "harness/records/store.hpp"
#include "harness/studies/sweep/sweep.hpp"

namespace lemmabench {

/// Laws on demand, each computed once: what run_sweep is for requests known beforehand, this is for
/// a computation whose next request depends on the last answer. A killed computation that is
/// deterministic finds its earlier answers in the store and goes on where it was.
///
/// What is returned was always read back from the JSON of the cell, computed just now or years ago,
/// so that both runs go on with the same bits. Thread-safe; the laws run outside the lock.
class StoredLaws {
 public:
  /// Keeps a reference to `store`. Failures of another version are tried again, as by run_sweep.
  StoredLaws(Store& store, LawFunction law) : store_(store), law_(std::move(law)) {}

  /// From the store, or computed and put there; a failure is a cell with its message. The request
  /// is in canonical texts. Exceptions that are no verdict on a cell pass, as in run_sweep.
  StoreCell cell(const LawRequest& request);
  /// The law of a cell that did not fail.
  std::optional<LawResult> law(const LawRequest& request);

  std::size_t computed() const { return computed_; }
  std::size_t resumed() const { return resumed_; }

 private:
  Store& store_;
  LawFunction law_;
  std::mutex mutex_;
  std::size_t computed_ = 0;
  std::size_t resumed_ = 0;
};

/// The law that a cell keeps; nothing if it failed.
std::optional<LawResult> law_of(const StoreCell& cell);

}  // namespace lemmabench
