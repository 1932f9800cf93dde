#include "numerics/parallel.hpp"

#include <doctest/doctest.h>

#include <atomic>
#include <chrono>
#include <numeric>
#include <stdexcept>
#include <string>
#include <thread>

#include "numerics/ball.hpp"

namespace lemmabench {

TEST_CASE("parallel: results come in index order on any number of threads") {
  for (const int threads : {0, 1, 2, 7}) {
    const auto squares =
        parallel_map(1000, threads, [](std::size_t i) { return std::to_string(i * i); });
    REQUIRE(squares.size() == 1000);
    for (std::size_t i = 0; i < squares.size(); ++i) {
      CHECK(squares[i] == std::to_string(i * i));
    }
  }
  CHECK(parallel_map(0, 2, [](std::size_t i) { return i; }).empty());
}

TEST_CASE("parallel: the exception of the lowest index wins, whatever the timing") {
  for (int repeat = 0; repeat < 20; ++repeat) {
    for (const int threads : {1, 2, 4}) {
      std::string caught;
      try {
        parallel_for(64, threads, [](std::size_t i) {
          if (i == 5) {  // the lowest one is also the slowest
            std::this_thread::sleep_for(std::chrono::milliseconds(1));
          }
          if (i == 5 || i % 8 == 7) {
            throw std::runtime_error(std::to_string(i));
          }
        });
      } catch (const std::runtime_error& error) {
        caught = error.what();
      }
      CHECK(caught == "5");
    }
  }
}

TEST_CASE("parallel: two threads do work at the same time") {
  if (available_threads() < 2) {
    return;
  }
  // Each of the two waits for the other: a loop in one thread would never see both.
  std::atomic<int> arrived{0};
  std::atomic<int> met{0};
  parallel_for(2, 2, [&](std::size_t) {
    ++arrived;
    for (int wait = 0; wait < 5000 && arrived < 2; ++wait) {
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    met += arrived == 2 ? 1 : 0;
  });
  CHECK(met == 2);
}

TEST_CASE("parallel: nested loops finish and keep each task's precision apart") {
  const auto bits = parallel_map(8, 2, [](std::size_t i) {
    const PrecisionScope scope(64 + static_cast<long>(i));
    const auto inner = parallel_map(8, 2, [](std::size_t j) { return static_cast<long>(j); });
    return PrecisionScope::bits() + std::accumulate(inner.begin(), inner.end(), 0L);
  });
  for (std::size_t i = 0; i < bits.size(); ++i) {
    CHECK(bits[i] == 64 + static_cast<long>(i) + 28);
  }
}

}  // namespace lemmabench
