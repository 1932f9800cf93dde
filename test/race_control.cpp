// A data race on purpose: what the thread sanitizer must stop at (test/CMakeLists.txt).
#include <atomic>

#include "numerics/parallel.hpp"

int main() {
  long sum = 0;
  std::atomic<int> here{0};
  lemmabench::parallel_for(2, 2, [&](std::size_t) {
    // Each waits for the other, so that no thread does both; relaxed, so that nothing is ordered.
    here.fetch_add(1, std::memory_order_relaxed);
    while (here.load(std::memory_order_relaxed) < 2) {
    }
    ++sum;
  });
  return sum > 0 ? 0 : 1;
}
