// The radial law of Student-t, nu = 3, 200 steps of li-cai, against a dense log-radius grid in
// numpy and scipy, and its cost against the dimension.
//
// Ours includes the second, coarser run that the error estimate comes from; the peer
// (bench/peers/radial_law.py, run once a way in the same call) has no error estimate. A grid cannot
// carry the noise at the data end, which the peer takes as a change of variables: it is good to a
// digit or two. "ratio" is the peer's time over ours, at full accuracy and at 8 digits.

#include <benchmark/benchmark.h>

#include <cmath>
#include <string>

#include "bench/peer.hpp"
#include "harness/law/law.hpp"

namespace lemmabench {
namespace {

constexpr long kSteps = 200;

LawResult run(long dim, long digits) {
  LawRequest request;
  request.target = fmt::format("student-t:dim={},nu=3", dim);
  request.sampler = "li-cai";
  request.steps = kSteps;
  request.schedule = LiCaiSchedule{};
  request.digits = digits;
  return compute_law(request, LawOptions{.decomposition = false, .threads = 1});
}

void radial_law_against_numpy(benchmark::State& state) {
  static const bench::PeerRun kPeer =
      bench::run_peer("radial_law.py", fmt::format("{} 256", kSteps));
  LawResult result;
  for (auto unused : state) {
    result = run(256, state.range(0));
  }
  // Both are laws of the same sampler: a larger gap means that one of us is wrong.
  if (std::fabs(result.tv.value() - kPeer.value) > 0.1 * result.tv.value() ||
      result.tv.error() > 1e-8) {
    state.SkipWithError("our TV and the peer's differ, or ours is not good to 1e-8");
    return;
  }
  state.counters["tv_error"] = result.tv.error();
  state.counters["peer_gap"] = std::fabs(result.tv.value() - kPeer.value);
  state.counters["numpy_s"] = kPeer.seconds;
  state.counters["ratio"] = benchmark::Counter(
      kPeer.seconds * static_cast<double>(state.iterations()), benchmark::Counter::kIsRate);
}
BENCHMARK(radial_law_against_numpy)
    ->Arg(0)
    ->Arg(8)
    ->ArgName("digits")
    ->UseRealTime()
    ->Unit(benchmark::kMillisecond);

void radial_law_by_dimension(benchmark::State& state) {
  LawResult result;
  for (auto unused : state) {
    result = run(state.range(0), 8);
  }
  state.counters["tv"] = result.tv.value();
  state.counters["tv_error"] = result.tv.error();
}
BENCHMARK(radial_law_by_dimension)
    ->RangeMultiplier(4)
    ->Range(1, 4096)
    ->ArgName("dim")
    ->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace lemmabench
