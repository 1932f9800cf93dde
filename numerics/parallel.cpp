#include "numerics/parallel.hpp"

#include <tbb/blocked_range.h>
#include <tbb/info.h>
#include <tbb/parallel_for.h>
#include <tbb/partitioner.h>
#include <tbb/task_arena.h>

#include <algorithm>
#include <atomic>
#include <exception>
#include <mutex>
#include <thread>
#include <vector>

namespace lemmabench {
namespace {

/// The exception of the lowest index that threw. An index above it need not run any more; one below
/// it must, since it may throw too: so the exception that wins does not depend on timing.
class FirstFailure {
 public:
  bool concerns(std::size_t index) {
    const std::lock_guard<std::mutex> lock(mutex_);
    return !failure_ || index < index_;
  }
  void record(std::size_t index, std::exception_ptr failure) {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (!failure_ || index < index_) {
      index_ = index;
      failure_ = std::move(failure);
    }
  }
  void rethrow() const {
    if (failure_) {
      std::rethrow_exception(failure_);
    }
  }

 private:
  std::mutex mutex_;
  std::size_t index_ = 0;
  std::exception_ptr failure_;
};

#ifdef LEMMABENCH_PLAIN_THREADS
// For the thread sanitizer: it cannot see how the system's TBB, which is not built with it, hands
// work from thread to thread, and would report every task.
template <class Task>
void on_threads(std::size_t count, int threads, const Task& task) {
  std::atomic<std::size_t> next{0};
  std::vector<std::jthread> team;
  for (int i = 0; i < threads; ++i) {
    team.emplace_back([&] {
      for (std::size_t at = next++; at < count; at = next++) {
        task(at);
      }
    });
  }
}
#else
template <class Task>
void on_threads(std::size_t count, int threads, const Task& task) {
  // Never more than there are processors: it would gain nothing, and TBB warns on stderr.
  tbb::task_arena arena(std::min(threads, available_threads()));
  // One index a task: the work per index differs by orders of magnitude (it grows with T).
  arena.execute([&] {
    tbb::parallel_for(
        tbb::blocked_range<std::size_t>(0, count, 1),
        [&](const tbb::blocked_range<std::size_t>& range) {
          for (std::size_t i = range.begin(); i != range.end(); ++i) {
            task(i);
          }
        },
        tbb::simple_partitioner());
  });
}
#endif

}  // namespace

void parallel_for(std::size_t count, int threads, const std::function<void(std::size_t)>& body) {
  if (threads <= 1 || count <= 1) {
    for (std::size_t i = 0; i < count; ++i) {
      body(i);
    }
    return;
  }
  FirstFailure first;
  on_threads(count, threads, [&](std::size_t i) {
    if (!first.concerns(i)) {
      return;
    }
    try {
      body(i);
    } catch (...) {
      first.record(i, std::current_exception());
    }
  });
  first.rethrow();
}

int available_threads() { return std::max(1, tbb::info::default_concurrency()); }

}  // namespace lemmabench
