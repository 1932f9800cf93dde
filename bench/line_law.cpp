// The line law against dense propagation in numpy: the three-component mixture of
// test/reference/line_laws.json, 200 steps of li-cai, TV to 1e-9 and better.
//
// Ours includes the second, coarser run that the error estimate comes from; the peer
// (bench/peers/line_law.py, run once a way in the same call) has no error estimate and is good to
// one digit (dense) or little more (hybrid), because a 2000-point grid cannot carry the noise at
// the data end. "ratio" is the dense peer's time over ours, "ratio_hybrid" that of the better peer;
// "peak_MB" is the most memory this process ever held.

#include <benchmark/benchmark.h>
#include <sys/resource.h>

#include <cmath>
#include <string>

#include "bench/peer.hpp"
#include "harness/law/law.hpp"

namespace lemmabench {
namespace {

constexpr long kSteps = 200;

LawResult run(int threads) {
  LawRequest request;
  request.target = "mixture-three";
  request.sampler = "li-cai";
  request.steps = kSteps;
  request.schedule = LiCaiSchedule{};
  return compute_law(request, LawOptions{.decomposition = false, .threads = threads});
}

double peak_megabytes() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_maxrss) / 1024;
}

void line_law_double(benchmark::State& state) {
  static const bench::PeerRun kDense =
      bench::run_peer("line_law.py", fmt::format("{} dense", kSteps));
  static const bench::PeerRun kHybrid =
      bench::run_peer("line_law.py", fmt::format("{} hybrid", kSteps));
  LawResult result;
  for (auto unused : state) {
    result = run(static_cast<int>(state.range(0)));
  }
  // The hybrid peer interpolates linearly: good to a fifth of the TV (its grid interpolates away
  // mass). A larger gap means that one of us is wrong.
  const double gap = std::fabs(result.tv.value() - kHybrid.value);
  if (gap > 0.25 * result.tv.value() || result.tv.error() > 1e-9) {
    state.SkipWithError("our TV and the peer's differ, or ours is not good to 1e-9");
    return;
  }
  const auto ratio = [&](const bench::PeerRun& peer) {
    return benchmark::Counter(peer.seconds * static_cast<double>(state.iterations()),
                              benchmark::Counter::kIsRate);
  };
  state.counters["tv_error"] = result.tv.error();
  state.counters["numpy_s"] = kDense.seconds;
  state.counters["ratio"] = ratio(kDense);
  state.counters["ratio_hybrid"] = ratio(kHybrid);
  state.counters["peak_MB"] = peak_megabytes();
}
BENCHMARK(line_law_double)
    ->Arg(1)
    ->Arg(2)
    ->ArgName("threads")
    ->UseRealTime()
    ->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace lemmabench
