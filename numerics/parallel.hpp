#pragma once

#include <cstddef>
#include <functional>
#include <utility>
#include <vector>

namespace lemmabench {

/// Runs body(0), ..., body(count-1) on up to `threads` threads (the calling one included; 1 or less
/// means a plain loop, and never more than available_threads()). Which thread runs which index is
/// not determined, so the outcome is the same on any number of threads exactly if body(i) writes
/// only what belongs to i.
///
/// Thread-local state does not travel: a body that computes with balls opens its own
/// PrecisionScope. If bodies throw, the exception of the lowest throwing index is rethrown, on any
/// number of threads; of the indices above it, some may not have run.
void parallel_for(std::size_t count, int threads, const std::function<void(std::size_t)>& body);

/// {make(0), ..., make(count-1)} in this order; otherwise as parallel_for. Result is default
/// constructible.
template <class Make>
auto parallel_map(std::size_t count, int threads, Make make) {
  std::vector<decltype(make(std::size_t{0}))> results(count);
  parallel_for(count, threads, [&](std::size_t i) { results[i] = make(i); });
  return results;
}

/// The number of processors this process may use, at least 1.
int available_threads();

}  // namespace lemmabench
