// A sampler from a TOML file against the compiled one of the same formula, on the line law: the
// three-component mixture, 200 steps of li-cai. The file's coefficients are evaluated once a step,
// so what is left is a few more passes over the points. "ratio" is the file's time over the
// compiled one's, both medians of alternating runs of the same call; it must stay below 3.

#include <benchmark/benchmark.h>

#include <algorithm>
#include <chrono>
#include <string>
#include <vector>

#include "harness/law/law.hpp"

namespace lemmabench {
namespace {

double seconds_of(const std::string& sampler) {
  LawRequest request;
  request.target = "mixture-three";
  request.sampler = sampler;
  request.steps = 200;
  request.schedule = LiCaiSchedule{};
  const auto start = std::chrono::steady_clock::now();
  benchmark::DoNotOptimize(compute_law(request, LawOptions{.decomposition = false}));
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

double median(std::vector<double> values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

void own_sampler_on_the_line(benchmark::State& state) {
  const std::string own = LEMMABENCH_SOURCE_DIR "/examples/own_toml/li-cai.toml";
  std::vector<double> compiled_seconds;
  std::vector<double> own_seconds;
  for (auto unused : state) {
    compiled_seconds.push_back(seconds_of("li-cai"));
    own_seconds.push_back(seconds_of(own));
    state.SetIterationTime(own_seconds.back());
  }
  const double ratio = median(own_seconds) / median(compiled_seconds);
  if (ratio > 3) {
    state.SkipWithError("a sampler from a file costs more than 3 times the compiled one");
    return;
  }
  state.counters["compiled_ms"] = 1e3 * median(compiled_seconds);
  state.counters["own_ms"] = 1e3 * median(own_seconds);
  state.counters["ratio"] = ratio;
}
BENCHMARK(own_sampler_on_the_line)->UseManualTime()->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace lemmabench
