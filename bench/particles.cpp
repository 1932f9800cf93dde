// Particles against numpy: ddpm on 16 components with diagonal covariances in 64 dimensions, 100
// steps, 20,000 samples, on exact scores.
//
// The peer (bench/peers/particles.py, once a round, in the same run) does the same arithmetic:
// scores by matrix products, blocks that stay in the cache, normals by its default generator.
//
// Counters are medians over the rounds: "ratio", the peer's time over ours on two threads;
// "ratio_one", on one; "two_runs", what the machine has to give at that moment: twice one run's
// time over that of two runs side by side, on one thread each.

#include <benchmark/benchmark.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <string>
#include <thread>
#include <vector>

#include "bench/mixture.hpp"
#include "bench/peer.hpp"
#include "cases/target.hpp"
#include "cases/vector_law.hpp"
#include "harness/monte_carlo/particles/particle_run.hpp"

namespace lemmabench {
namespace {

using namespace bench;

constexpr std::size_t kSamples = 20000;
constexpr int kRounds = 5;
constexpr int kRepeats = 3;

double mean_square(const ParticleRun& run) {
  double sum = 0;
  for (const double x : run.samples.values) {
    sum += x * x;
  }
  return sum / static_cast<double>(run.samples.values.size());
}

void particles(benchmark::State& state) {
  const auto law = vector_law(make_target(target(), "bench"));
  const auto sampler = make_sampler("ddpm", "bench");
  const Schedule<double> schedule(LiCaiSchedule{}, kSteps);
  const ParticleSetting setting{*law, *sampler, schedule};
  ParticleRun result;
  const auto run = [&](int threads) {
    return seconds([&] { result = run_particles(setting, kSamples, false, threads); });
  };
  std::vector<double> numpy;
  std::vector<double> ratio;
  std::vector<double> ratio_one;
  std::vector<double> two_runs;
  for (auto unused : state) {
    std::vector<double> one;
    std::vector<double> two;
    for (int n = 0; n < kRepeats; ++n) {
      one.push_back(run(1));
      two.push_back(run(2));
      two_runs.push_back(2 * one.back() / seconds([&] {
                           std::thread other([&] { run_particles(setting, kSamples, false, 1); });
                           run_particles(setting, kSamples, false, 1);
                           other.join();
                         }));
    }
    const bench::PeerRun peer =
        bench::run_peer("particles.py", fmt::format("{} {}", kSteps, kSamples));
    // A coordinate's square has deviation below 2.5; coordinates of a sample depend on each other.
    if (std::fabs(peer.value - mean_square(result)) > 4 * 2.5 * std::sqrt(2.0 / kSamples)) {
      state.SkipWithError("our samples and the peer's differ");
      return;
    }
    state.SetIterationTime(median(two));
    numpy.push_back(peer.seconds);
    ratio.push_back(peer.seconds / median(two));
    ratio_one.push_back(peer.seconds / median(one));
  }
  state.counters["numpy_s"] = median(numpy);
  state.counters["ratio"] = median(ratio);
  state.counters["ratio_one"] = median(ratio_one);
  state.counters["two_runs"] = median(two_runs);
}
BENCHMARK(particles)->Iterations(kRounds)->UseManualTime()->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace lemmabench
