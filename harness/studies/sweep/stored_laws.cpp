#include "harness/studies/sweep/stored_laws.hpp"

#include "harness/records/law_json.hpp"

namespace lemmabench {

StoreCell StoredLaws::cell(const LawRequest& request) {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    std::optional<StoreCell> known = store_.find(request);
    if (known && !(known->failed && known->version != store_version())) {
      ++resumed_;
      return std::move(*known);
    }
  }
  StoreCell made = compute_cell(request, law_);
  const std::lock_guard<std::mutex> lock(mutex_);
  store_.put(made);
  ++computed_;
  return made;
}

std::optional<LawResult> StoredLaws::law(const LawRequest& request) {
  return law_of(cell(request));
}

std::optional<LawResult> law_of(const StoreCell& cell) {
  if (cell.failed) {
    return std::nullopt;
  }
  return law_from_json(cell.result, "store");
}

}  // namespace lemmabench
