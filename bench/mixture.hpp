#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <string>
#include <vector>

/// What the benchmarks on a mixture of 16 components in 64 dimensions share.
namespace lemmabench::bench {

inline constexpr int kSize = 16;
inline constexpr int kDim = 64;
inline constexpr long kSteps = 100;

/// Diagonal covariances; the peers make the same numbers.
inline std::string target() {
  std::string means;
  std::string variances;
  for (int j = 0; j < kSize * kDim; ++j) {
    const char* separator = j == 0 ? "" : (j % kDim == 0 ? ";" : "/");
    means += fmt::format("{}{:.3f}", separator, 1.2 * std::sin(1 + 3 * j));
    variances += fmt::format("{}{:.3f}", separator, 0.3 + 0.2 * std::cos(2 + 5 * j));
  }
  return "cloud:means=" + means + ",variances=" + variances;
}

inline double median(std::vector<double> values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

template <class Body>
double seconds(Body body) {
  const auto start = std::chrono::steady_clock::now();
  body();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

}  // namespace lemmabench::bench
