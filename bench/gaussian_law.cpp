// The proved Gaussian law against mpmath: 64 eigenvalues, 4096 steps, 60 digits, li-cai.
//
// Ours is the law in balls and its KL, as the peer's, on two threads and on one; the peer is
// bench/peers/gaussian_law.py, run once in the same call. "ratio" is peer time over our time; the
// two KLs are compared first.

#include <benchmark/benchmark.h>

#include <cmath>
#include <stdexcept>
#include <string>

#include "bench/peer.hpp"
#include "cases/target.hpp"
#include "harness/engines/gaussian/gaussian_propagation.hpp"
#include "theory/gaussian/gaussian_divergences.hpp"

namespace lemmabench {
namespace {

constexpr int kEigenvalues = 64;
constexpr long kSteps = 4096;
constexpr long kDigits = 60;
constexpr long kBits = 256;  // 60 digits are 200 bits; 35 are lost on the way, which run() checks

GaussianLaw spectrum() {
  GaussianLaw target;
  for (long k = 1; k <= kEigenvalues; ++k) {
    target.coordinates.push_back(gaussian_block(Rational(k, 20)));
  }
  return target;
}

Ball run(int threads) {
  const PrecisionScope scope(kBits);
  const Schedule<Ball> schedule(LiCaiSchedule{}, kSteps);
  const auto sampler = make_sampler("li-cai", "bench");
  const auto score = make_score("exact", "bench");
  const auto law = propagate_gaussian<Ball>(spectrum(), *sampler, *score, schedule,
                                            {.exact_start = false, .threads = threads});
  std::vector<RelativeBlock<Ball>> blocks;
  for (const BlockLaw<Ball>& block : law.from_gaussian) {
    blocks.push_back({block.e, Ball(0), 1});
    if (block.e.relative_accuracy_bits() < 200) {
      throw std::runtime_error("60 digits were not reached");
    }
  }
  return kl_pq(RelativeBlocks<Ball>(blocks));
}

const bench::PeerRun& peer() {
  static const bench::PeerRun kRun =
      bench::run_peer("gaussian_law.py", fmt::format("{} {} {}", kEigenvalues, kSteps, kDigits));
  return kRun;
}

void gaussian_law_proved(benchmark::State& state) {
  Ball kl;
  for (auto unused : state) {
    kl = run(static_cast<int>(state.range(0)));
  }
  if (std::fabs(kl.to_double() / peer().value - 1) > 1e-12) {
    state.SkipWithError("our KL and the peer's differ");
    return;
  }
  state.counters["mpmath_s"] = peer().seconds;
  state.counters["ratio"] = benchmark::Counter(
      peer().seconds * static_cast<double>(state.iterations()), benchmark::Counter::kIsRate);
}
BENCHMARK(gaussian_law_proved)
    ->Arg(1)
    ->Arg(2)
    ->ArgName("threads")
    ->UseRealTime()
    ->Unit(benchmark::kMillisecond);

/// Cost is linear in steps (the ns a step stay) and independent of the multiplicities.
void steps_and_multiplicity(benchmark::State& state) {
  const PrecisionScope scope(kBits);
  const Schedule<Ball> schedule(LiCaiSchedule{}, state.range(0));
  const auto sampler = make_sampler("li-cai", "bench");
  const auto score = make_score("exact", "bench");
  GaussianLaw target;
  target.coordinates.push_back(gaussian_block(Rational(3, 10), Rational(0), state.range(1)));
  for (auto unused : state) {
    benchmark::DoNotOptimize(
        propagate_gaussian<Ball>(target, *sampler, *score, schedule, {.exact_start = false}));
  }
  state.counters["ns_a_step"] = benchmark::Counter(
      static_cast<double>(state.range(0)) * 1e-9 * static_cast<double>(state.iterations()),
      benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
}
BENCHMARK(steps_and_multiplicity)
    ->ArgsProduct({{1024, 4096, 16384}, {1, 1000000}})
    ->ArgNames({"steps", "multiplicity"})
    ->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace lemmabench
