#include "harness/studies/sweep/sweep.hpp"

#include <mutex>
#include <optional>

#include "harness/io/progress.hpp"
#include "harness/records/law_json.hpp"
#include "numerics/error.hpp"
#include "numerics/parallel.hpp"

namespace lemmabench {

StoreCell compute_cell(const LawRequest& request, const LawFunction& law) {
  StoreCell cell;
  cell.request = request;
  cell.version = store_version();
  try {
    cell.result = law_json_line(law(request));
  } catch (const InputError& error) {
    cell.failed = true;
    cell.result = error.what();
  } catch (const NumericalFailure& error) {
    cell.failed = true;
    cell.result = error.what();
  }
  return cell;
}

SweepSummary run_sweep(const std::vector<LawRequest>& requests, Store& store, int jobs,
                       const LawFunction& law, bool retry_failed) {
  std::vector<const LawRequest*> missing;
  for (const LawRequest& request : requests) {
    const std::optional<StoreCell> known = store.find(request);
    // What one version could not do, another may.
    if (!known || (known->failed && (retry_failed || known->version != store_version()))) {
      missing.push_back(&request);
    }
  }
  {
    ProgressBar progress("cells", missing.size());
    std::mutex store_mutex;
    parallel_for(missing.size(), jobs, [&](std::size_t i) {
      const StoreCell cell = compute_cell(*missing[i], law);
      const std::lock_guard<std::mutex> lock(store_mutex);
      store.put(cell);
      progress.advance();
    });
  }
  store.finish();
  SweepSummary summary;
  summary.cells = requests.size();
  summary.computed = missing.size();
  summary.resumed = requests.size() - missing.size();
  for (const LawRequest& request : requests) {
    std::optional<StoreCell> cell = store.find(request);
    if (cell && cell->failed) {
      summary.failures.push_back(std::move(*cell));
    }
  }
  return summary;
}

}  // namespace lemmabench
