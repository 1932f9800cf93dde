// A data race on purpose: what the thread sanitizer must stop at (test/CMakeLists.txt).
#include "numerics/parallel.hpp"

int main() {
  long sum = 0;
  lemmabench::parallel_for(1000, 2, [&](std::size_t) { ++sum; });
  return sum > 0 ? 0 : 1;
}
